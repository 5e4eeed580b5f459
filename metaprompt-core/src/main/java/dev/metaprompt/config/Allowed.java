package dev.metaprompt.config;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The values a key accepts.
 *
 * @param text what is allowed, for people: completes "allowed: …"
 * @param test whether a value of the key's type is allowed
 */
public record Allowed(String text, Predicate<Object> test) {
    /** A whole number from {@code low} to {@code high}, both included. */
    static Allowed integer(long low, long high) {
        return new Allowed("an integer from " + low + " to " + high, v -> (Long) v >= low && (Long) v <= high);
    }

    /** The text {@code auto}, or a whole number from {@code low} to {@code high}, both included. */
    static Allowed autoInteger(long low, long high) {
        Allowed integer = integer(low, high);
        return new Allowed("auto or " + integer.text, v -> v.equals("auto") || integer.test.test(v));
    }

    /** A number from {@code low} to {@code high}, both included. */
    static Allowed number(double low, double high) {
        return new Allowed(
                "a number from " + plain(low) + " to " + plain(high), v -> (Double) v >= low && (Double) v <= high);
    }

    /** A number greater than 0, at most {@code high}. */
    static Allowed positive(double high) {
        return new Allowed(
                "a number greater than 0, at most " + plain(high), v -> (Double) v > 0 && (Double) v <= high);
    }

    /** Either boolean. */
    static Allowed either() {
        return new Allowed("true or false", v -> true);
    }

    /** One of some words. */
    static Allowed choice(String... words) {
        List<String> list = Arrays.asList(words);
        return new Allowed(join(list), list::contains);
    }

    /** A text that matches a pattern as a whole. */
    static Allowed pattern(String text, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return new Allowed(text, v -> pattern.matcher((String) v).matches());
    }

    /** Any text that is not blank and has one line. */
    static Allowed anyText(String text) {
        return new Allowed(
                text, v -> !((String) v).isBlank() && ((String) v).chars().noneMatch(c -> c < ' '));
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e6 ? Long.toString((long) value) : "" + value;
    }

    private static String join(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }
}
