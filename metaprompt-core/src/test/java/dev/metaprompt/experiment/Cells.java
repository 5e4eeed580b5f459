package dev.metaprompt.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Cells and plans for tests. */
public final class Cells {
    private Cells() {}

    /**
     * Makes a cell.
     *
     * @param number its number, which its id and folder show
     * @param settings keys and values in turn
     */
    public static Cell cell(int number, String... settings) {
        List<Assignment> assignments = new ArrayList<>();
        for (int i = 0; i < settings.length; i += 2) {
            assignments.add(new Assignment(settings[i], settings[i + 1], "test"));
        }
        return new Cell(
                number,
                String.format("%064x", number),
                "cell-" + number,
                "cpu",
                Map.of("seed", String.valueOf(number)),
                assignments);
    }

    /** Makes a plan of cells. */
    public static Plan plan(Cell... cells) {
        return plan("test", cells);
    }

    /** Makes a plan of a name. */
    public static Plan plan(String name, Cell... cells) {
        return Plan.of(name, "a test", List.of(), new Comparison(Map.of(), List.of("seed")), List.of(cells));
    }
}
