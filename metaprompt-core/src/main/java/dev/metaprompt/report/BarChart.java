package dev.metaprompt.report;

import dev.metaprompt.statistics.Shown;
import dev.metaprompt.statistics.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Grouped bars with error bars as SVG text, from 0 to 100 percent. A bar's figure stands over it and its name under it,
 * so that it is not known by its colour alone.
 *
 * @param title what it shows
 * @param names of the bars of a group, at most three, short
 * @param groups one a method, at least one
 */
record BarChart(String title, List<String> names, List<Group> groups) {
    private static final int LEFT = 36;
    private static final int TOP = 44;
    private static final int PLOT = 200;
    private static final int BAR = 36;
    private static final int GAP = 26;
    private static final int LABEL_LINE = 15;
    private static final int LABEL_LINES = 3;
    private static final int LABEL_LENGTH = 20;
    // Charts under one another have one scale.
    private static final int USUAL_GROUPS = 3;
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
        int width = LEFT + Math.max(USUAL_GROUPS, groups.size()) * each + 8;
        Svg svg = new Svg("", width, TOP + PLOT + (LABEL_LINES + 1) * LABEL_LINE + 16, title, words());
        for (int tick = 0; tick <= FULL; tick += 20) {
            svg.line("grid", LEFT, y(tick), width - 8, y(tick));
            svg.text("", "end", LEFT - 6, y(tick) + 4, String.valueOf(tick));
        }
        svg.text("title", "start", 4, 16, title + ", percent");
        for (int i = 0; i < groups.size(); i++) {
            group(svg, groups.get(i), LEFT + GAP / 2.0 + i * each);
        }
        return svg.toString();
    }

    private String words() {
        return groups.stream().map(this::words).collect(Collectors.joining("; ", "", "."));
    }

    private String words(Group group) {
        List<String> bars = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            bars.add(names.get(i) + " " + Shown.interval(group.values().get(i)));
        }
        return String.join(" ", group.label()) + ": " + String.join(", ", bars);
    }

    private void group(Svg svg, Group group, double x) {
        for (int i = 0; i < names.size(); i++) {
            double left = x + i * BAR;
            int kind = i;
            svg.text("", "middle", left + BAR / 2.0, TOP + PLOT + 15, names.get(i));
            group.values()
                    .get(i)
                    .ifPresentOrElse(
                            value -> bar(svg, kind, left, value),
                            () -> svg.text("", "middle", left + BAR / 2.0, y(0) - 5, "–"));
        }
        double middle = x + names.size() * BAR / 2.0;
        for (int line = 0; line < Math.min(LABEL_LINES, group.label().size()); line++) {
            double y = TOP + PLOT + 34 + line * LABEL_LINE;
            svg.text("value", "middle", middle, y, Svg.fitted(group.label().get(line), LABEL_LENGTH));
        }
    }

    private static void bar(Svg svg, int kind, double left, Summary value) {
        double top = y(value.mean());
        double middle = left + BAR / 2.0;
        svg.rect("bar s" + kind, left + 3, top, BAR - 6, y(0) - top);
        if (value.halfWidth().isPresent() && value.halfWidth().getAsDouble() > 0) {
            double high = y(Math.min(FULL, value.mean() + value.halfWidth().getAsDouble()));
            double low = y(Math.max(0, value.mean() - value.halfWidth().getAsDouble()));
            svg.line("whisker", middle, high, middle, low);
            svg.line("whisker", middle - 5, high, middle + 5, high);
            svg.line("whisker", middle - 5, low, middle + 5, low);
            top = high;
        }
        svg.text("value", "middle", middle, top - 5, Shown.one(value.mean()));
    }

    private static double y(double percent) {
        return TOP + PLOT * (1 - percent / FULL);
    }
}
