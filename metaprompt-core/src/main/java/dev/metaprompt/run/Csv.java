package dev.metaprompt.run;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated values with RFC 4180's quoting; lines end with a line feed alone. */
public final class Csv {
    private Csv() {}

    /**
     * Returns a line of a file.
     *
     * @param fields quoted where they need it
     * @return the fields with commas between them and a line feed behind
     */
    public static String line(List<String> fields) {
        return String.join(",", fields.stream().map(Csv::quoted).toList()) + "\n";
    }

    private static String quoted(String field) {
        boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? field : "\"" + field.replace("\"", "\"\"") + "\"";
    }

    /** Splits a text into rows of fields. A last line without a line end is a row too. */
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
            row.add(field.toString());
            field.setLength(0);
        }

        private void endRow() {
            endField();
            rows.add(row);
            row = new ArrayList<>();
        }
    }
}
