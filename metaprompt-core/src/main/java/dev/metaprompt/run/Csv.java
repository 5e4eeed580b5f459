package dev.metaprompt.run;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Comma-separated values with RFC 4180's quoting; lines end with a line feed alone.
 *
 * <p>Spreadsheets compute a cell that begins with one of {@code = + - @}, a tab or a line end as a formula, quoted or
 * not, and a class name may come from anybody. Such a cell gets an apostrophe in front, by which spreadsheets know
 * text, unless it is a number; a cell that has apostrophes before such a character gets one more. {@link #parse} takes
 * it away again, so that every text comes back as it was; other programs take one apostrophe from what matches
 * {@code ^'+[=+\-@\t\r\n＝＋－＠]}.
 */
public final class Csv {
    private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\\t\\r\\n＝＋－＠](?s:.*)");
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

    private Csv() {}

    /**
     * Returns a line of a file.
     *
     * @param fields quoted where they need it, and made harmless where a spreadsheet would compute them
     * @return the fields with commas between them and a line feed behind
     */
    public static String line(List<String> fields) {
        return String.join(",", fields.stream().map(Csv::quoted).toList()) + "\n";
    }

    private static String quoted(String text) {
        boolean computed =
                FORMULA.matcher(text).matches() && !NUMBER.matcher(text).matches();
        String field = computed ? "'" + text : text;
        boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? field : "\"" + field.replace("\"", "\"\"") + "\"";
    }

    private static String read(String field) {
        return field.startsWith("'") && FORMULA.matcher(field).matches() ? field.substring(1) : field;
    }

    /** Splits a text into rows of fields, as they were before {@link #line}. A last line without an end is a row too. */
    static List<List<String>> parse(String text) {
        return new Parser().parse(text);
    }

    private static final class Parser {
        private final List<List<String>> rows = new ArrayList<>();
        private final StringBuilder field = new StringBuilder();
        private List<String> row = new ArrayList<>();

        List<List<String>> parse(String text) {
            boolean quoted = false;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (quoted && text.startsWith("\"\"", i)) {
                    field.append(c);
                    i++;
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (quoted) {
                    field.append(c);
                } else {
                    plain(c);
                }
            }
            if (!row.isEmpty() || field.length() > 0) {
                endRow();
            }
            return rows;
        }

        private void plain(char c) {
            if (c == ',') {
                endField();
            } else if (c == '\n') {
                endRow();
            } else if (c != '\r') {
                field.append(c);
            }
        }

        private void endField() {
            row.add(read(field.toString()));
            field.setLength(0);
        }

        private void endRow() {
            endField();
            rows.add(row);
            row = new ArrayList<>();
        }
    }
}
