package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.experiment.Cells;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code experiment.json}: read, and written again; no cell's folder may lie outside the experiment's. */
class PlanFuzzTest extends FuzzTest {
    private static final String VALID =
            PlanFile.toJson(Cells.plan(Cells.cell(1, "way", "5"), Cells.cell(2, "way", "10", "seed", "3")));

    @Override
    String fileName() {
        return PlanFile.NAME;
    }

    @Override
    List<byte[]> seeds() {
        return List.of(VALID.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        return Optional.of(new JsonTrees(random).damaged(VALID).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void read(Path file) throws IOException {
        Plan plan = PlanFile.read(file.getParent());
        PlanFile.toJson(plan);
        plan.cells().forEach(cell -> {
            Path folder = file.getParent().resolve(cell.folder()).normalize();
            if (!folder.getParent().equals(file.getParent())) {
                throw new AssertionError("a cell lies at " + folder);
            }
        });
    }
}
