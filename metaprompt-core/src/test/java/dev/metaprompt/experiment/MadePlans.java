package dev.metaprompt.experiment;

import dev.metaprompt.run.Results;
import dev.metaprompt.statistics.HarmonicMean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Plans over axes, and results, for tests of summaries and claims. */
public final class MadePlans {
    private MadePlans() {}

    /**
     * Makes a plan of all combinations.
     *
     * @param compare how groups are compared
     * @param axes names with labels, {@code method=ours,theirs}; the first varies slowest
     */
    public static Plan plan(Comparison compare, String... axes) {
        List<Map<String, String>> points = List.of(Map.of());
        for (String axis : axes) {
            String[] parts = axis.split("=", 2);
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> point : points) {
                for (String label : parts[1].split(",")) {
                    Map<String, String> more = new LinkedHashMap<>(point);
                    more.put(parts[0], label);
                    longer.add(more);
                }
            }
            points = longer;
        }
        List<Cell> cells = new ArrayList<>();
        for (Map<String, String> point : points) {
            int number = cells.size();
            cells.add(new Cell(number, String.format("%064x", number), "cell-" + number, "cpu", point, List.of()));
        }
        return new Plan("test", "A test", "0".repeat(64), List.of(), compare, cells);
    }

    /** Makes results; zero-shot CLIP stands at 50 and 60 with one template, at 52 and 40 with the other. */
    public static Results results(double base, double newClasses) {
        return new Results(
                base,
                OptionalDouble.of(newClasses),
                OptionalDouble.of(HarmonicMean.of(base, newClasses)),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.of(base + 2),
                OptionalDouble.empty(),
                OptionalDouble.of(2),
                Optional.of(new Results.Episodes(600, 80, 0.5)),
                OptionalInt.empty(),
                Map.of(),
                List.of(zeroShot("{} texture.", 52, 40), zeroShot("a photo of a {}.", 50, 60)));
    }

    private static Results.ZeroShot zeroShot(String template, double base, double newClasses) {
        return new Results.ZeroShot(
                template,
                base,
                OptionalDouble.of(newClasses),
                OptionalDouble.of(HarmonicMean.of(base, newClasses)),
                Map.of());
    }
}
