package dev.metaprompt.report;

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
 * @param yLabel the vertical axis
 * @param series one line each, at least one point in all
 */
record LineChart(String title, String xLabel, String yLabel, List<Series> series) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 340;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 60;
    private static final int BOTTOM = 48;

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
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">\n<title>%s</title>\n",
                WIDTH,
                HEIGHT,
                Html.escape(title)));
        grid(svg, x, y);
        for (int i = 0; i < series.size(); i++) {
            line(svg, i, x, y);
        }
        return svg.append("</svg>").toString();
    }

    private void grid(StringBuilder svg, Axis x, Axis y) {
        for (double tick : y.ticks()) {
            line(svg, "grid", LEFT, y.pixel(tick), WIDTH - RIGHT, y.pixel(tick));
            text(svg, "end", LEFT - 8, y.pixel(tick) + 4, y.label(tick));
        }
        for (double tick : x.ticks()) {
            line(svg, "grid", x.pixel(tick), TOP, x.pixel(tick), HEIGHT - BOTTOM);
            text(svg, "middle", x.pixel(tick), HEIGHT - BOTTOM + 18, x.label(tick));
        }
        text(svg, "middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, xLabel);
        text(svg, "start", 8, 18, title + ", " + yLabel);
    }

    private void line(StringBuilder svg, int index, Axis x, Axis y) {
        Series one = series.get(index);
        if (!one.band().isEmpty()) {
            svg.append("<polygon class=\"band s").append(index).append("\" points=\"");
            svg.append(pixels(one.band(), x, y)).append("\"/>\n");
        }
        String points = pixels(one.points(), x, y);
        if (one.points().size() == 1) {
            Point p = one.points().get(0);
            svg.append("<circle class=\"dot s").append(index).append("\" cx=\"");
            svg.append(number(x.pixel(p.x()))).append("\" cy=\"").append(number(y.pixel(p.y())));
            svg.append("\" r=\"3\"/>\n");
        } else if (!points.isEmpty()) {
            svg.append("<polyline class=\"s")
                    .append(index)
                    .append("\" points=\"")
                    .append(points)
                    .append("\"/>\n");
        }
        double left = WIDTH - RIGHT - 150.0 * (series.size() - index);
        line(svg, "s" + index, left, TOP - 20, left + 24, TOP - 20);
        text(svg, "start", left + 30, TOP - 16, one.name());
    }

    private static String pixels(List<Point> points, Axis x, Axis y) {
        return points.stream()
                .map(p -> number(x.pixel(p.x())) + "," + number(y.pixel(p.y())))
                .collect(Collectors.joining(" "));
    }

    private static void line(StringBuilder svg, String kind, double x1, double y1, double x2, double y2) {
        svg.append("<line class=\"").append(kind).append("\" x1=\"").append(number(x1));
        svg.append("\" y1=\"").append(number(y1)).append("\" x2=\"").append(number(x2));
        svg.append("\" y2=\"").append(number(y2)).append("\"/>\n");
    }

    private static void text(StringBuilder svg, String anchor, double x, double y, String text) {
        svg.append("<text text-anchor=\"").append(anchor).append("\" x=\"").append(number(x));
        svg.append("\" y=\"")
                .append(number(y))
                .append("\">")
                .append(Html.escape(text))
                .append("</text>\n");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
