package dev.metaprompt.report;

import dev.metaprompt.statistics.Summary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Grouped bars with error bars as SVG text, from 0 to 100 percent. A bar's figure stands over it.
 *
 * @param title what it shows
 * @param names of the bars of a group, at most three
 * @param groups one a method, at least one
 */
record BarChart(String title, List<String> names, List<Group> groups) {
    private static final int LEFT = 40;
    private static final int TOP = 64;
    private static final int PLOT = 220;
    private static final int BAR = 34;
    private static final int GAP = 28;
    private static final int LABEL_LINE = 15;
    private static final int LABEL_LINES = 3;
    // Charts under one another have one scale.
    private static final int USUAL_GROUPS = 5;
    private static final double FULL = 100;

    /**
     * The bars of one method.
     *
     * @param label under the bars, at most three lines
     * @param values one a name; what is absent has no bar
     */
    record Group(List<String> label, List<Optional<Summary>> values) {}

    /** Returns the chart. */
    String svg() {
        int each = names.size() * BAR + GAP;
        int width = LEFT + Math.max(USUAL_GROUPS, groups.size()) * each + GAP;
        int height = TOP + PLOT + LABEL_LINES * LABEL_LINE + 20;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg class=\"bars\" viewBox=\"0 0 %d %d\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">\n<title>%s</title>\n",
                width,
                height,
                Html.escape(title)));
        for (int tick = 0; tick <= FULL; tick += 20) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>\n",
                    LEFT,
                    y(tick),
                    width - 8,
                    y(tick)));
            text(svg, "", "end", LEFT - 6, y(tick) + 4, String.valueOf(tick));
        }
        text(svg, "", "start", 8, 18, title + ", percent");
        legend(svg);
        for (int i = 0; i < groups.size(); i++) {
            group(svg, groups.get(i), LEFT + GAP / 2.0 + i * each);
        }
        return svg.append("</svg>").toString();
    }

    private void legend(StringBuilder svg) {
        for (int i = 0; i < names.size(); i++) {
            int x = LEFT + i * 130;
            svg.append(String.format(
                    Locale.ROOT, "<rect class=\"bar s%d\" x=\"%d\" y=\"30\" width=\"14\" height=\"12\"/>\n", i, x));
            text(svg, "", "start", x + 20, 41, names.get(i));
        }
    }

    private void group(StringBuilder svg, Group group, double x) {
        for (int i = 0; i < group.values().size(); i++) {
            double left = x + i * BAR;
            int kind = i;
            group.values().get(i).ifPresent(value -> bar(svg, kind, left, value));
        }
        double middle = x + names.size() * BAR / 2.0;
        for (int line = 0; line < Math.min(LABEL_LINES, group.label().size()); line++) {
            double y = TOP + PLOT + 18 + line * LABEL_LINE;
            text(svg, "", "middle", middle, y, group.label().get(line));
        }
    }

    private void bar(StringBuilder svg, int kind, double left, Summary value) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"bar s%d\" x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>\n",
                kind,
                left + 2,
                y(value.mean()),
                BAR - 4,
                y(0) - y(value.mean())));
        double top = y(value.mean());
        if (value.halfWidth().isPresent() && value.halfWidth().getAsDouble() > 0) {
            double high = y(Math.min(FULL, value.mean() + value.halfWidth().getAsDouble()));
            double low = y(Math.max(0, value.mean() - value.halfWidth().getAsDouble()));
            double x = left + BAR / 2.0;
            whisker(svg, x, high, x, low);
            whisker(svg, x - 5, high, x + 5, high);
            whisker(svg, x - 5, low, x + 5, low);
            top = high;
        }
        text(svg, "value", "middle", left + BAR / 2.0, top - 5, Figures.one(value.mean()));
    }

    private static void whisker(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"whisker\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
                x1,
                y1,
                x2,
                y2));
    }

    private static double y(double percent) {
        return TOP + PLOT * (1 - percent / FULL);
    }

    private static void text(StringBuilder svg, String kind, String anchor, double x, double y, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                kind,
                anchor,
                x,
                y,
                Html.escape(text)));
    }
}
