package dev.metaprompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table as people read it: aligned by spaces, or as Markdown.
 *
 * @param header a cell for each column
 * @param rows as long as the header
 * @param textColumns the columns that hold text and are aligned at their left; the others hold figures
 */
public record TextTable(List<String> header, List<List<String>> rows, Set<Integer> textColumns) {
    /** Copies the collections. */
    public TextTable {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        textColumns = Set.copyOf(textColumns);
    }

    /**
     * Returns the table as plain text.
     *
     * @return lines that each end with a line feed, the header first
     */
    public String text() {
        List<List<String>> all = new ArrayList<>(List.of(header));
        all.addAll(rows);
        int[] widths = IntStream.range(0, header.size())
                .map(column -> all.stream()
                        .mapToInt(row -> length(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        return all.stream().map(row -> line(row, widths)).collect(Collectors.joining());
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            String spaces = " ".repeat(widths[column] - length(cell));
            line.append(column == 0 ? "" : "  ").append(textColumns.contains(column) ? cell + spaces : spaces + cell);
        }
        return line.toString().stripTrailing() + "\n";
    }

    /**
     * Counts a text's characters as a console shows them.
     *
     * @param cell a text
     * @return its code points
     */
    public static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /**
     * Returns the table as Markdown.
     *
     * @return lines that each end with a line feed
     */
    public String markdown() {
        String kinds = IntStream.range(0, header.size())
                .mapToObj(column -> textColumns.contains(column) ? "---|" : "--:|")
                .collect(Collectors.joining("", "|", "\n"));
        return markdownRow(header)
                + kinds
                + rows.stream().map(TextTable::markdownRow).collect(Collectors.joining());
    }

    /**
     * Makes a text harmless in a line of Markdown.
     *
     * @param text any text
     * @return one line that shows it as it is
     */
    public static String escaped(String text) {
        return text.replaceAll("[\\r\\n]+", " ")
                .replaceAll("[\\\\|<`*\\[\\]&~]|(?<![\\p{L}\\p{N}])_|_(?![\\p{L}\\p{N}])", "\\\\$0");
    }

    private static String markdownRow(List<String> cells) {
        return cells.stream().map(TextTable::escaped).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
