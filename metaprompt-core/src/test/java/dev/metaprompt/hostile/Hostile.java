package dev.metaprompt.hostile;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Texts that must not be carried away by an error, and what an error may quote of them. */
final class Hostile {
    /** One line of 2,000 characters, no part of which stands there twice. */
    static final String SECRET = chunks("k%06d");

    /** The same as a path. */
    static final String PATH = chunks("%06d/");

    /** The same as a number. */
    static final String DIGITS = chunks("1%06d");

    /** Lines that a terminal or a CI system would take for commands. */
    static final String COMMANDS = chunks("\u001b[31m\n::add-mask::%06d\r\n\u2028::error::\u202e\u0000\u009b2J");

    /** Texts that may stand in quotes. */
    static final List<String> TEXTS = List.of(SECRET, PATH, COMMANDS);

    private static final int LENGTH = 2000;
    private static final int MOST = 80;

    private Hostile() {}

    private static String chunks(String format) {
        return IntStream.range(0, LENGTH)
                .mapToObj(i -> String.format(Locale.ROOT, format, i))
                .collect(Collectors.joining())
                .substring(0, LENGTH);
    }

    /** Runs of one character more than may be quoted, in the letters and digits of all texts. */
    private static final Set<String> RUNS = runs();

    private static Set<String> runs() {
        Set<String> runs = new HashSet<>();
        for (String text : List.of(SECRET, PATH, COMMANDS, DIGITS)) {
            String plain = plain(text);
            for (int i = 0; i + MOST < plain.length(); i++) {
                runs.add(plain.substring(i, i + MOST + 1));
            }
        }
        return runs;
    }

    // Whoever replaces or escapes the other characters has quoted the text all the same.
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.toLowerCase(Locale.ROOT)
                .chars()
                .filter(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9')
                .forEach(c -> plain.append((char) c));
        return plain.toString();
    }

    /** Returns what is wrong with an error; empty if nothing. */
    static String fault(String message) {
        if (message == null || message.isBlank()) {
            return "says nothing";
        }
        if (message.chars().anyMatch(Hostile::steers)) {
            return "holds a control character or a line end: " + message;
        }
        String plain = plain(message);
        for (int i = 0; i + MOST < plain.length(); i++) {
            if (RUNS.contains(plain.substring(i, i + MOST + 1))) {
                return "quotes more than " + MOST + " characters: " + message;
            }
        }
        return "";
    }

    private static boolean steers(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
