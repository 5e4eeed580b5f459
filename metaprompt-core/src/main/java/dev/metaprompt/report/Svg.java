package dev.metaprompt.report;

import java.util.Locale;

/** Writes one chart as SVG text. Colours come from the page's style, so that they follow light and dark. */
final class Svg {
    private final StringBuilder out = new StringBuilder();

    /**
     * Starts a chart.
     *
     * @param kind its style class; empty for none
     * @param title what it shows
     * @param words its figures, for those who do not see it
     */
    Svg(String kind, int width, int height, String title, String words) {
        out.append("<svg")
                .append(kind.isEmpty() ? "" : " class=\"" + kind + "\"")
                .append(" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height);
        out.append("\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">\n<title>");
        out.append(Html.escape(title)).append("</title>\n<desc>");
        out.append(Html.escape(words)).append("</desc>\n");
    }

    Svg raw(String markup) {
        out.append(markup).append('\n');
        return this;
    }

    Svg line(String kind, double x1, double y1, double x2, double y2) {
        return raw("<line class=\"" + kind + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2)
                + "\" y2=\"" + number(y2) + "\"/>");
    }

    Svg rect(String kind, double x, double y, double width, double height) {
        return raw("<rect class=\"" + kind + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\""
                + number(Math.max(0, width)) + "\" height=\"" + number(Math.max(0, height)) + "\"/>");
    }

    Svg dot(String kind, double x, double y) {
        return raw("<circle class=\"dot " + kind + "\" cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"3\"/>");
    }

    /** Appends a text; {@code anchor} is start, middle or end. */
    Svg text(String kind, String anchor, double x, double y, String text) {
        String style = kind.isEmpty() ? "" : " class=\"" + kind + "\"";
        return raw("<text" + style + " text-anchor=\"" + anchor + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\">"
                + Html.escape(text) + "</text>");
    }

    /** Appends a text that reads upwards from a point. */
    Svg upward(double x, double y, String text) {
        return raw("<text text-anchor=\"start\" transform=\"translate(" + number(x) + " " + number(y)
                + ") rotate(-90)\">" + Html.escape(text) + "</text>");
    }

    /** Returns a text of at most so many characters, an ellipsis for what is left out. */
    static String fitted(String text, int most) {
        int length = text.codePointCount(0, text.length());
        return length <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    @Override
    public String toString() {
        return out + "</svg>\n";
    }
}
