package dev.metaprompt.report;

import dev.metaprompt.statistics.Shown;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Bars to the right for classes that gained and to the left for those that lost, the largest gain on top. */
final class GainChart {
    private static final int MOST_CLASSES = 60;
    private static final int WIDTH = 420;
    private static final int LEFT = 118;
    private static final int PAD = 44;
    private static final int TOP = 44;
    private static final int LINE = 16;
    private static final int LABEL_LENGTH = 17;

    private GainChart() {}

    /**
     * Returns the chart in points; nothing for no class.
     *
     * @param rows the largest gain first; of very many only the ends are drawn
     * @param scale rows whose gains the scale holds too, so that charts side by side have one scale
     */
    static String svg(String title, List<Classes.Row> rows, List<Classes.Row> scale) {
        if (rows.size() > MOST_CLASSES) {
            int half = MOST_CLASSES / 2;
            List<Classes.Row> ends = new ArrayList<>(rows.subList(0, half));
            ends.addAll(rows.subList(rows.size() - half, rows.size()));
            return svg(title + ", first and last " + half + " of " + rows.size(), ends, scale);
        }
        if (rows.isEmpty()) {
            return "";
        }
        DoubleSummaryStatistics gains = Stream.concat(rows.stream(), scale.stream())
                .mapToDouble(row -> row.gain().get())
                .summaryStatistics();
        double high = gains.getMax();
        double low = gains.getMin();
        // Where nothing changed, a point is shown instead of a scale of nothing.
        double right = Math.max(low < 0 ? 0 : 1, high);
        Axis axis = Axis.between(Math.min(0, low), right, LEFT + PAD, WIDTH - PAD);
        int bottom = TOP + rows.size() * LINE;
        Svg svg = new Svg("", WIDTH, bottom + 8, title, words(rows));
        svg.text("title", "start", 4, 16, title + ", points");
        for (double tick : axis.ticks()) {
            svg.line("grid", axis.pixel(tick), TOP - 4, axis.pixel(tick), bottom);
            svg.text("", "middle", axis.pixel(tick), TOP - 10, axis.label(tick));
        }
        for (int i = 0; i < rows.size(); i++) {
            bar(svg, rows.get(i), axis, TOP + i * LINE);
        }
        svg.line("zero", axis.pixel(0), TOP - 4, axis.pixel(0), bottom);
        return svg.toString();
    }

    private static String words(List<Classes.Row> rows) {
        return rows.stream()
                .map(row -> row.name() + " " + Shown.signed(row.gain().get()))
                .collect(Collectors.joining(", ", "", "."));
    }

    private static void bar(Svg svg, Classes.Row row, Axis axis, double y) {
        double gain = row.gain().get();
        double zero = axis.pixel(0);
        double end = axis.pixel(gain);
        svg.text("", "end", LEFT - 8, y + 12, Svg.fitted(row.name(), LABEL_LENGTH));
        svg.rect(gain < 0 ? "bar s1" : "bar s0", Math.min(zero, end), y + 2, Math.abs(end - zero), LINE - 4);
        svg.text("value", gain < 0 ? "end" : "start", end + (gain < 0 ? -4 : 4), y + 12, Shown.signed(gain));
    }
}
