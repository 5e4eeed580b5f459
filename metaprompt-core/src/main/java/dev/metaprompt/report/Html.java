package dev.metaprompt.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes HTML that is XML too; every text from outside passes through {@link #escape}. */
final class Html {
    private final StringBuilder out = new StringBuilder();

    /**
     * Rows of a table that belong together.
     *
     * @param title over them; empty for none
     * @param rows of cells
     */
    record Rows(String title, List<List<String>> rows) {}

    /** Makes a text harmless in element content and in quoted attributes, in HTML, SVG and XML. */
    static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
        return safe.toString();
    }

    /** XML 1.0, section 2.2, without the carriage return, which a parser would change. */
    private static boolean isAllowed(int c) {
        return c == '\n'
                || c == '\t'
                || c >= ' ' && c <= 0xD7FF && (c < 0x7F || c > 0x9F)
                || c >= 0xE000 && c <= 0xFFFD
                || c >= 0x10000;
    }

    /** Appends markup as it is. */
    Html raw(String markup) {
        out.append(markup).append('\n');
        return this;
    }

    Html heading(String text) {
        return raw("<h2>" + escape(text) + "</h2>");
    }

    Html subheading(String text) {
        return raw("<h3>" + escape(text) + "</h3>");
    }

    Html paragraph(String text) {
        return raw("<p>" + escape(text) + "</p>");
    }

    Html soft(String text) {
        return raw("<p class=\"soft\">" + escape(text) + "</p>");
    }

    /** Appends a line of a shell. */
    Html command(String text) {
        return raw("<pre>" + escape(text) + "</pre>");
    }

    /** Appends charts side by side where there is room; nothing for none. */
    Html charts(String svg) {
        return svg.isEmpty() ? this : raw("<div class=\"charts\">\n" + svg + "</div>");
    }

    /** Appends something wide, which scrolls by itself on a narrow screen. */
    Html wide(String name, String markup) {
        return raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"" + escape(name) + "\">")
                .raw(markup + "</div>");
    }

    /** Starts a part that the reader opens; {@link #close} ends it. */
    Html open(String summary, boolean isOpen) {
        return raw("<details" + (isOpen ? " open=\"open\"" : "") + "><summary>" + escape(summary) + "</summary>");
    }

    Html close() {
        return raw("</details>");
    }

    /**
     * Appends a table, whose first cells name their rows.
     *
     * @param name what it shows, for those who do not see it
     * @param textColumns how many columns, from the left, hold text; the others hold figures
     */
    Html table(String name, List<String> header, List<List<String>> rows, int textColumns) {
        return table(name, "", header, List.of(new Rows("", rows)), textColumns);
    }

    /**
     * Appends a table.
     *
     * @param over a row of markup above the header; empty for none
     */
    Html table(String name, String over, List<String> header, List<Rows> parts, int textColumns) {
        StringBuilder table = new StringBuilder("<table>\n<thead>\n").append(over);
        table.append(row("th scope=\"col\"", header, textColumns)).append("</thead>\n");
        for (Rows part : parts) {
            table.append("<tbody>\n");
            if (!part.title().isEmpty()) {
                table.append("<tr><th scope=\"rowgroup\" colspan=\"")
                        .append(header.size())
                        .append("\">")
                        .append(escape(part.title()))
                        .append("</th></tr>\n");
            }
            part.rows().forEach(row -> table.append(row("td", row, textColumns)));
            table.append("</tbody>\n");
        }
        return wide(name, table.append("</table>").toString());
    }

    /**
     * Appends a table whose rows may have coloured first cells.
     *
     * @param name what it shows, for those who do not see it
     * @param marks one for each row
     * @param textColumns how many columns, from the left, hold text; the others hold figures
     */
    Html table(
            String name,
            List<String> header,
            List<List<String>> rows,
            List<Optional<Section.Mark>> marks,
            int textColumns) {
        StringBuilder table = new StringBuilder("<table>\n<thead>\n");
        table.append(row("th scope=\"col\"", header, textColumns)).append("</thead>\n<tbody>\n");
        for (int i = 0; i < rows.size(); i++) {
            String row = row("td", rows.get(i), textColumns);
            table.append(marks.get(i).map(mark -> marked(row, mark)).orElse(row));
        }
        return wide(name, table.append("</tbody>\n</table>").toString());
    }

    private static String marked(String row, Section.Mark mark) {
        return row.replaceFirst("<th ", "<th class=\"mark " + mark.name().toLowerCase(Locale.ROOT) + "\" ");
    }

    private static String row(String element, List<String> cells, int textColumns) {
        StringBuilder row = new StringBuilder("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            String tag = i == 0 && element.equals("td") ? "th scope=\"row\"" : element;
            String kind = i < textColumns ? "" : " class=\"n\"";
            row.append('<').append(tag).append(kind).append('>').append(escape(cells.get(i)));
            row.append("</").append(tag, 0, 2).append('>');
        }
        return row.append("</tr>\n").toString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
