package dev.metaprompt.report;

import java.util.List;

/**
 * A table that stands at the top of the page over many runs.
 *
 * @param title its heading
 * @param header a cell for each column
 * @param rows as long as the header
 * @param textColumns how many columns, from the left, hold text; the others hold figures
 * @param note what the table means, below it
 */
public record Section(String title, List<String> header, List<List<String>> rows, int textColumns, String note) {
    /** Copies the lists. */
    public Section {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
    }

    void append(Html html) {
        html.heading(title).table(title, header, rows, textColumns).soft(note);
    }
}
