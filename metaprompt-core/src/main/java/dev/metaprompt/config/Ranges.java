package dev.metaprompt.config;

import dev.metaprompt.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whole numbers in a row, as {@code 1..5}, or with commas between them. */
final class Ranges {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,15})\\.\\.(\\d{1,15})");
    private static final int MOST = 100_000;

    private Ranges() {}

    /** Returns the values of an axis that is written as one text. */
    static List<String> of(String text, YamlNodes.Item item, String axis) {
        if (!RANGE.matcher(text).matches()) {
            throw item.wrong("axes." + axis, item.kind(), "a list, or a range such as 1..5");
        }
        return numbers(text, found -> item.wrong("axes." + axis, found, "a rising range of at most " + MOST));
    }

    /** Makes an error of what is wrong with a range. */
    interface Fault {
        InvalidInputException of(String found);
    }

    static List<String> numbers(String text, Fault fault) {
        List<String> values = new ArrayList<>();
        for (String part : text.split(",")) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                values.add(part);
                continue;
            }
            long first = Long.parseLong(range.group(1));
            long last = Long.parseLong(range.group(2));
            if (last < first || last - first >= MOST) {
                throw fault.of("is " + Messages.shown(part));
            }
            for (long value = first; value <= last; value++) {
                values.add(String.valueOf(value));
            }
        }
        if (new LinkedHashSet<>(values).size() < values.size()) {
            throw fault.of("is " + Messages.shown(text) + ", which has a value twice");
        }
        return values;
    }
}
