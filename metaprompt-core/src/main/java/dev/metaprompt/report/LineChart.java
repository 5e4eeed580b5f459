package dev.metaprompt.report;

import java.util.Collections;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A line chart as SVG text. Colours come from the page's style; lines differ by dashes too.
 *
 * @param title what it shows
 * @param xLabel the horizontal axis
 * @param yLabel the vertical axis; may be empty
 * @param series one line each, at least one point in all
 */
record LineChart(String title, String xLabel, String yLabel, List<Series> series) {
    private static final int WIDTH = 420;
    private static final int HEIGHT = 280;
    private static final int LEFT = 50;
    private static final int RIGHT = 14;
    private static final int TOP = 58;
    private static final int BOTTOM = 46;
    private static final int LEGEND = 120;

    /**
     * A line.
     *
     * @param name in the legend
     * @param points in the order they are joined
     * @param band lower ends and, backwards, upper ends of an area around the line; empty for none
     */
    record Series(String name, List<Point> points, List<Point> band) {
        Series(String name, List<Point> points) {
            this(name, points, List.of());
        }
    }

    /** A point in data coordinates, finite. */
    record Point(double x, double y) {}

    /** Returns the chart, or nothing where there is no point to draw. */
    String svg() {
        List<Point> all = series.stream()
                .flatMap(s -> Stream.concat(s.points().stream(), s.band().stream()))
                .toList();
        if (all.isEmpty()) {
            return "";
        }
        DoubleSummaryStatistics xs = all.stream().mapToDouble(Point::x).summaryStatistics();
        DoubleSummaryStatistics ys = all.stream().mapToDouble(Point::y).summaryStatistics();
        Axis x = Axis.between(xs.getMin(), xs.getMax(), LEFT, WIDTH - RIGHT);
        Axis y = Axis.around(ys.getMin(), ys.getMax(), HEIGHT - BOTTOM, TOP);
        Svg svg = new Svg("", WIDTH, HEIGHT, title, words());
        grid(svg, x, y);
        for (int i = 0; i < series.size(); i++) {
            line(svg, i, x, y);
        }
        return svg.toString();
    }

    private String words() {
        return series.stream()
                .filter(one -> !one.points().isEmpty())
                .map(one -> words(one.name(), one.points()))
                .collect(Collectors.joining(" "));
    }

    private String words(String name, List<Point> points) {
        Comparator<Point> byValue = Comparator.comparingDouble(Point::y);
        return name + ": first " + words(points.get(0)) + ", last " + words(points.get(points.size() - 1)) + ", lowest "
                + words(Collections.min(points, byValue)) + ", highest " + words(Collections.max(points, byValue))
                + ".";
    }

    private String words(Point point) {
        return String.format(Locale.ROOT, "%.4g at %s %.0f", point.y(), xLabel, point.x());
    }

    private void grid(Svg svg, Axis x, Axis y) {
        for (double tick : y.ticks()) {
            svg.line("grid", LEFT, y.pixel(tick), WIDTH - RIGHT, y.pixel(tick));
            svg.text("", "end", LEFT - 8, y.pixel(tick) + 4, y.label(tick));
        }
        for (double tick : x.ticks()) {
            svg.line("grid", x.pixel(tick), TOP, x.pixel(tick), HEIGHT - BOTTOM);
            svg.text("", "middle", x.pixel(tick), HEIGHT - BOTTOM + 18, x.label(tick));
        }
        svg.text("", "middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, xLabel);
        svg.text("title", "start", 4, 16, title + (yLabel.isEmpty() ? "" : ", " + yLabel));
    }

    private void line(Svg svg, int index, Axis x, Axis y) {
        Series one = series.get(index);
        if (!one.band().isEmpty()) {
            svg.raw("<polygon class=\"band s" + index + "\" points=\"" + pixels(one.band(), x, y) + "\"/>");
        }
        if (one.points().size() == 1) {
            Point p = one.points().get(0);
            svg.dot("s" + index, x.pixel(p.x()), y.pixel(p.y()));
        } else if (!one.points().isEmpty()) {
            svg.raw("<polyline class=\"s" + index + "\" points=\"" + pixels(one.points(), x, y) + "\"/>");
        }
        double left = LEFT + LEGEND * (double) index;
        svg.line("s" + index, left, TOP - 20, left + 26, TOP - 20);
        svg.text("", "start", left + 32, TOP - 16, one.name());
    }

    private static String pixels(List<Point> points, Axis x, Axis y) {
        return points.stream()
                .map(p -> Svg.number(x.pixel(p.x())) + "," + Svg.number(y.pixel(p.y())))
                .collect(Collectors.joining(" "));
    }
}
