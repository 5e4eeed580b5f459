package dev.metaprompt.report;

import dev.metaprompt.report.Calibration.Bin;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The share of correct predictions in each bin of probability as bars, beside the diagonal of a perfectly calibrated
 * model; below it how many predictions each bin holds.
 */
final class ReliabilityDiagram {
    private static final int WIDTH = 420;
    private static final int LEFT = 50;
    private static final int RIGHT = 14;
    private static final int TOP = 30;
    private static final int BOTTOM = 230;
    private static final int COUNTS = 60;
    private static final int END = BOTTOM + 16 + COUNTS;

    private ReliabilityDiagram() {}

    static String svg(String title, Calibration calibration) {
        Axis x = Axis.between(0, 1, LEFT, WIDTH - RIGHT);
        Axis y = Axis.between(0, 1, BOTTOM, TOP);
        Svg svg = new Svg("", WIDTH, END + 44, title, words(calibration.bins()));
        svg.text("title", "start", 4, 16, title + ", share correct");
        for (double tick : y.ticks()) {
            svg.line("grid", LEFT, y.pixel(tick), WIDTH - RIGHT, y.pixel(tick));
            svg.text("", "end", LEFT - 8, y.pixel(tick) + 4, y.label(tick));
            svg.text("", "middle", x.pixel(tick), END + 18, x.label(tick));
        }
        bars(svg, calibration.bins(), x, y);
        svg.line("s1", x.pixel(0), y.pixel(0), x.pixel(1), y.pixel(1));
        svg.text("", "end", LEFT - 8, END - COUNTS + 12, "count");
        svg.line("zero", LEFT, END, WIDTH - RIGHT, END);
        svg.text("", "middle", (LEFT + WIDTH - RIGHT) / 2.0, END + 38, "probability of the predicted class");
        return svg.toString();
    }

    private static String words(List<Bin> bins) {
        return IntStream.range(0, bins.size())
                .filter(i -> bins.get(i).count() > 0)
                .mapToObj(i -> String.format(
                        Locale.ROOT,
                        "Probability %.2f to %.2f: %d predictions, mean probability %.2f, share correct %.2f.",
                        (double) i / bins.size(),
                        (i + 1.0) / bins.size(),
                        bins.get(i).count(),
                        bins.get(i).probability(),
                        bins.get(i).accuracy()))
                .collect(Collectors.joining(" "));
    }

    private static void bars(Svg svg, List<Bin> bins, Axis x, Axis y) {
        int most = bins.stream().mapToInt(Bin::count).max().orElse(0);
        for (int i = 0; i < bins.size(); i++) {
            Bin bin = bins.get(i);
            if (bin.count() > 0) {
                double left = x.pixel((double) i / bins.size()) + 1;
                double width = x.pixel((i + 1.0) / bins.size()) - 1 - left;
                double top = y.pixel(bin.accuracy());
                svg.rect("bar s0", left, top, width, BOTTOM - top);
                double height = (double) COUNTS * bin.count() / most;
                svg.rect("count", left, END - height, width, height);
            }
        }
    }
}
