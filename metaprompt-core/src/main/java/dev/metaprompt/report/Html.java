package dev.metaprompt.report;

import java.util.List;

/** Writes HTML; every text from outside passes through {@link #escape}. */
final class Html {
    private final StringBuilder out = new StringBuilder();

    /** Makes a text harmless in element content and in quoted attributes, in HTML and SVG. */
    static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
        return safe.toString();
    }

    /** Appends markup as it is. */
    Html raw(String markup) {
        out.append(markup).append('\n');
        return this;
    }

    Html heading(String text) {
        return raw("<h2>" + escape(text) + "</h2>");
    }

    Html paragraph(String text) {
        return raw("<p>" + escape(text) + "</p>");
    }

    /**
     * Appends a table.
     *
     * @param textColumns how many columns, from the left, hold text; the others hold figures
     */
    Html table(List<String> header, List<List<String>> rows, int textColumns) {
        raw("<div class=\"scroll\"><table>");
        row("th", header, textColumns);
        rows.forEach(row -> row("td", row, textColumns));
        return raw("</table></div>");
    }

    private void row(String element, List<String> cells, int textColumns) {
        StringBuilder row = new StringBuilder("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            String kind = i < textColumns ? "" : " class=\"n\"";
            row.append("<").append(element).append(kind).append(">").append(escape(cells.get(i)));
            row.append("</").append(element).append(">");
        }
        raw(row.append("</tr>").toString());
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
