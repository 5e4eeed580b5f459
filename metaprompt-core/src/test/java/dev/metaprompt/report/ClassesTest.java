package dev.metaprompt.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.Results.ZeroShot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClassesTest {
    private static final ZeroShot WEAKER = zeroShot("weaker", 40, Map.of("a", 0.0, "b", 0.0, "c", 0.0, "d", 0.0));
    private static final ZeroShot STRONGER = zeroShot("stronger", 60, Map.of("a", 50.0, "b", 60.0, "c", 70.1));

    private static ZeroShot zeroShot(String template, double figure, Map<String, Double> perClass) {
        return new ZeroShot(template, figure, OptionalDouble.of(figure), OptionalDouble.of(figure), perClass);
    }

    private static Results results(Map<String, Double> perClass) {
        OptionalDouble none = OptionalDouble.empty();
        OptionalDouble some = OptionalDouble.of(65);
        return new Results(
                65,
                some,
                some,
                none,
                none,
                none,
                none,
                none,
                Optional.empty(),
                OptionalInt.empty(),
                new TreeMap<>(perClass),
                List.of(WEAKER, STRONGER));
    }

    private static Classes twoSeeds() {
        return Classes.of(
                List.of(
                        results(Map.of("a", 70.0, "b", 50.0, "c", 70.0, "d", 90.0)),
                        results(Map.of("a", 80.0, "b", 55.0, "c", 70.2, "d", 91.0))),
                List.of("a", "b"));
    }

    @Test
    void gainsAreMeansOverSeedsAgainstTheStrongerTemplate() {
        List<Classes.Row> rows = twoSeeds().rows();
        assertEquals(new Classes.Row("a", true, 75, Optional.of(25.0)), rows.get(0));
        assertEquals(new Classes.Row("b", true, 52.5, Optional.of(-7.5)), rows.get(1));
        assertEquals(Optional.of(0.0), rows.get(2).gain(), "what rounding leaves is no loss");
        assertFalse(rows.get(2).isBase());
        assertEquals(Optional.empty(), rows.get(3).gain());
    }

    @Test
    void thePageSaysWhoGainedAndWhoLost() {
        Html html = new Html();
        Prediction wrong = new Prediction("base", "i", "b", "a", 0.5, 0.4, "b");
        twoSeeds().append(html, List.of(wrong, wrong), Optional.of(STRONGER));
        String page = html.toString();
        assertTrue(
                page.contains("Against zero-shot CLIP “stronger”: 1 of 4 classes gained (most: a +25.0); 1 lost"
                        + " (most: b −7.5)."),
                page);
        assertTrue(page.contains("<th scope=\"row\">b</th><td>base</td><td>a (2)</td><td class=\"n\">52.5</td>"
                + "<td class=\"n\">0.0</td><td class=\"n\">60.0</td><td class=\"n\">−7.5</td>"));
        assertEquals(2, page.split("<svg ", -1).length - 1, "base and new");
        assertFalse(page.contains("NaN"));
    }

    @Test
    void classesThatDidNotChangeHaveAScaleOfAPoint() {
        String svg = GainChart.svg("t", List.of(new Classes.Row("<a>", true, 5, Optional.of(0.0))), List.of());
        assertTrue(svg.contains(">0.0</text>") && svg.contains(">1.0</text>"), svg);
        assertTrue(svg.contains("&lt;a&gt;") && !svg.contains("NaN"), svg);
        assertEquals("", GainChart.svg("t", List.of(), List.of()));
    }

    @Test
    void chartsSideBySideHaveOneScale() {
        List<Classes.Row> small = List.of(new Classes.Row("a", true, 5, Optional.of(10.0)));
        List<Classes.Row> large = List.of(new Classes.Row("b", false, 5, Optional.of(-80.0)));
        assertEquals(8 * width(GainChart.svg("t", small, large)), width(GainChart.svg("t", large, small)), 0.5);
    }

    private static double width(String svg) {
        return Double.parseDouble(svg.replaceAll("(?s).*<rect class=\"bar[^>]* width=\"([0-9.]+)\".*", "$1"));
    }
}
