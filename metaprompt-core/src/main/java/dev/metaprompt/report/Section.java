package dev.metaprompt.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table that stands at the top of the page over many runs.
 *
 * @param title its heading
 * @param intro what it is about, above it; may be empty
 * @param header a cell for each column
 * @param rows as long as the header
 * @param textColumns how many columns, from the left, hold text; the others hold figures
 * @param marks a colour for the first cell of each row, whose word says the same; empty for no colours
 * @param note what the table means, below it
 */
public record Section(
        String title,
        String intro,
        List<String> header,
        List<List<String>> rows,
        int textColumns,
        List<Mark> marks,
        String note) {
    /** What a colour says. */
    public enum Mark {
        /** As was hoped. */
        GOOD,
        /** Not known. */
        OPEN,
        /** Against what was hoped. */
        BAD
    }

    /** Copies the lists; refuses rows of other lengths than the header's, and marks for other than all rows. */
    public Section {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        marks = List.copyOf(marks);
        int columns = header.size();
        if (rows.stream().anyMatch(row -> row.size() != columns) || !marks.isEmpty() && marks.size() != rows.size()) {
            throw new IllegalArgumentException("rows or marks do not fit the table \"" + title + "\"");
        }
    }

    /**
     * Makes a table without introduction and colours.
     *
     * @param title as above
     * @param header as above
     * @param rows as above
     * @param textColumns as above
     * @param note as above
     */
    public Section(String title, List<String> header, List<List<String>> rows, int textColumns, String note) {
        this(title, "", header, rows, textColumns, List.of(), note);
    }

    void append(Html html) {
        html.heading(title);
        if (!intro.isEmpty()) {
            html.paragraph(intro);
        }
        List<Optional<Mark>> colours = new ArrayList<>();
        rows.forEach(row -> colours.add(marks.isEmpty() ? Optional.empty() : Optional.of(marks.get(colours.size()))));
        html.table(title, header, rows, colours, textColumns).soft(note);
    }
}
