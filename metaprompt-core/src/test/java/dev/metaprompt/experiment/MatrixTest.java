package dev.metaprompt.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatrixTest {
    private static Axis axis(String key, String... values) {
        return new Axis(
                key,
                Arrays.stream(values)
                        .map(value -> new AxisValue(value, List.of(new Assignment(key, value, "line 1"))))
                        .toList(),
                "line 1");
    }

    private static Matrix matrix(List<Exclusion> exclude, Axis... axes) {
        return new Matrix(
                "m",
                "",
                List.of(new Assignment("way", "3", "line 0")),
                List.of(axes),
                exclude,
                new Comparison(Map.of(), List.of()));
    }

    @Test
    void theLastAxisIsTheFastestAndAxesBeatTheSettings() {
        List<Point> points = matrix(List.of(), axis("way", "5", "10"), axis("seed", "1", "2"))
                .points();
        assertEquals(
                List.of("{way=5, seed=1}", "{way=5, seed=2}", "{way=10, seed=1}", "{way=10, seed=2}"),
                points.stream().map(point -> point.coordinates().toString()).toList());
        assertEquals(
                List.of("3", "5", "1"),
                points.get(0).settings().stream().map(Assignment::value).toList());
    }

    @Test
    void anExclusionHoldsWhereAllItsConditionsHold() {
        Exclusion exclusion = new Exclusion(Map.of("method", List.of("coop"), "way", List.of("10", "20")), "line 9");
        Matrix matrix = matrix(List.of(exclusion), axis("method", "metaprompt", "coop"), axis("way", "5", "10", "20"));
        assertEquals(6, matrix.size());
        assertEquals(4, matrix.points().size());
    }

    @Test
    void theSizeOfAMatrixThatNoMemoryHoldsIsKnown() {
        String[] many = Collections.nCopies(100_000, "1").toArray(String[]::new);
        assertEquals(
                10_000_000_000L,
                matrix(List.of(), axis("a", many), axis("b", many)).size());
        Axis[] axes = Collections.nCopies(12, axis("a", many)).toArray(Axis[]::new);
        assertEquals(Long.MAX_VALUE, matrix(List.of(), axes).size());
    }

    @Test
    void aPlanIsReadAsItWasWritten(@TempDir Path folder) {
        Plan plan = Cells.plan(Cells.cell(0, "loss.klWeight", "0.1"), Cells.cell(1, "method", "coop"));
        PlanFile.write(folder, plan);
        assertEquals(plan, PlanFile.read(folder));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"schema\": 1}",
                "{\"schema\": 2}",
                "{\"schema\": 1, \"name\": \"a\", \"cells\": 3}"
            })
    void aDamagedPlanIsRefusedByName(String text) {
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> PlanFile.fromJson(text, "experiment.json"));
        assertTrue(e.getMessage().startsWith("experiment.json: "), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", "a\\b", "C:x", "a\nb"})
    void aCellsFolderLiesInTheExperiments(String folder) {
        assertThrows(
                IllegalArgumentException.class, () -> new Cell(0, "0".repeat(64), folder, "cpu", Map.of(), List.of()));
    }
}
