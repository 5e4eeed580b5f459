package dev.metaprompt.plugin;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes text from elsewhere (names of files, words of servers, a child's own output) harmless where it is shown: a
 * terminal obeys control characters, a reader is misled by marks that turn the direction of writing, and the programs
 * that run builds take some lines for commands.
 */
final class ConsoleText {
    /** All control characters but the tab, what breaks lines elsewhere, and what turns the direction of writing. */
    private static final Pattern UNSAFE = Pattern.compile(
            "[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff]");

    /** Commands of GitHub ({@code ::}, {@code ##[}), Azure ({@code ##vso[}) and TeamCity. */
    private static final Pattern COMMAND = Pattern.compile("^\\s*::|##(?=\\[|vso\\[|teamcity\\[)");

    private static final Pattern LINE_END = Pattern.compile("\r?\n");

    private ConsoleText() {}

    /** Returns the lines of a text, each made harmless. */
    static List<String> lines(String text) {
        return LINE_END.splitAsStream(text).map(ConsoleText::line).toList();
    }

    /** Returns a text of several lines, each made harmless. */
    static String text(String text) {
        return text.isEmpty()
                ? text
                : LINE_END.splitAsStream(text)
                        .map(ConsoleText::line)
                        .collect(Collectors.joining(System.lineSeparator()));
    }

    static boolean isHarmless(String text) {
        return LINE_END.splitAsStream(text).allMatch(line -> line.equals(line(line)));
    }

    /** Returns one line in which control characters stand as their numbers and no command begins. */
    static String line(String text) {
        String visible = UNSAFE.matcher(text)
                .replaceAll(
                        found -> String.format("\\\\u%04x", (int) found.group().charAt(0)));
        return COMMAND.matcher(visible).replaceAll(found -> spaced(found.group()));
    }

    // Readable as before, but no longer the beginning of a command.
    private static String spaced(String mark) {
        return mark.substring(0, mark.length() - 1) + " " + mark.charAt(mark.length() - 1);
    }
}
