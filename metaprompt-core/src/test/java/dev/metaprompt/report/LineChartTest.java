package dev.metaprompt.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.report.LineChart.Point;
import dev.metaprompt.report.LineChart.Series;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineChartTest {
    private static String labels(Axis axis) {
        return String.join(" ", axis.ticks().stream().map(axis::label).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 100 | 0 20 40 60 80 100",
                "55.3 | 71.9 | 55 60 65 70 75",
                "-1 | 99 | −20 0 20 40 60 80 100",
                "0.013 | 0.047 | 0.01 0.02 0.03 0.04 0.05",
                "5 | 5 | 5.0 5.1",
                "0 | 0 | 0.0000 0.0002",
                "-0.3 | 0.1 | −0.3 −0.2 −0.1 0.0 0.1",
            })
    void ticksAreRoundAndCoverTheValues(double low, double high, String expected) {
        Axis axis = Axis.around(low, high, 0, 100);
        assertEquals(expected, labels(axis));
        assertTrue(axis.low() <= low && axis.high() >= high && axis.low() < axis.high());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"-1 | 99 | 0 20 40 60 80", "0 | 100 | 0 20 40 60 80 100", "0 | 1 | 0.0 0.2 0.4 0.6 0.8 1.0"})
    void theEpochAxisEndsAtTheData(double low, double high, String expected) {
        Axis axis = Axis.between(low, high, 0, 100);
        assertEquals(expected, labels(axis));
        assertEquals(0, axis.pixel(low));
        assertEquals(100, axis.pixel(high));
    }

    @Test
    void pixelsFollowTheScale() {
        Axis axis = Axis.around(0, 100, 300, 40);
        assertEquals(300, axis.pixel(0));
        assertEquals(40, axis.pixel(100));
        assertEquals(170, axis.pixel(50));
    }

    @Test
    void theSamePointsGiveTheSameTextInEveryCountry() {
        LineChart chart = new LineChart(
                "a<b", "x", "y", List.of(new Series("s&t", List.of(new Point(0, 0.5), new Point(1, 1.5)))));
        Locale before = Locale.getDefault();
        String svg = chart.svg();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals(svg, chart.svg());
        } finally {
            Locale.setDefault(before);
        }
        assertTrue(svg.contains("<title>a&lt;b</title>"), svg);
        assertTrue(svg.contains("s&amp;t"), svg);
        assertTrue(svg.contains("<polyline class=\"s0\" points=\"50.0,"), svg);
    }

    @Test
    void onePointIsADotAndNoneIsNothing() {
        Series dot = new Series("s", List.of(new Point(3, 4)));
        String svg = new LineChart("t", "x", "y", List.of(dot)).svg();
        assertTrue(svg.contains("<circle class=\"dot s0\""), svg);
        assertFalse(svg.contains("NaN"), svg);
        assertEquals("", new LineChart("t", "x", "y", List.of()).svg());
    }
}
