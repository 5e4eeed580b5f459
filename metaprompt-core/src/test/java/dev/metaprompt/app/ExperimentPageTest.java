package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.experiment.Claim;
import dev.metaprompt.experiment.Claims;
import dev.metaprompt.experiment.Comparison;
import dev.metaprompt.experiment.ExperimentSummary;
import dev.metaprompt.experiment.Figure;
import dev.metaprompt.experiment.MadePlans;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.SummaryFiles;
import dev.metaprompt.experiment.Verdict;
import dev.metaprompt.report.Section;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.tensor.Safetensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentPageTest {
    private static final Plan PLAN =
            MadePlans.plan(new Comparison(Map.of("variant", "a"), List.of("seed")), "variant=a,b", "seed=1,2,3");

    private static Claim claim(Claim.Relation relation) {
        return new Claim(
                relation.name(),
                "A sentence.",
                "a source",
                "test",
                Map.of("variant", "a"),
                Map.of("variant", "b"),
                Figure.BASE,
                Figure.BASE,
                relation,
                0,
                "test");
    }

    @Test
    void summaryAndClaimsBecomeTables() {
        List<Verdict> verdicts = Claims.judge(
                List.of(claim(Claim.Relation.GREATER), claim(Claim.Relation.LESS), claim(Claim.Relation.CLOSE)),
                PLAN,
                cell -> Optional.of(MadePlans.results(60 - 0.9 * cell.number() - cell.number() % 3, 50)));
        ExperimentSummary summary = ExperimentSummary.of(
                PLAN, cell -> cell.number() == 5 ? Optional.empty() : Optional.of(MadePlans.results(60, 50)), Map.of());
        List<Section> sections = ExperimentPage.sections(summary, verdicts);
        assertEquals(2, sections.size());
        assertEquals(SummaryFiles.rows(summary), sections.get(0).rows());
        assertTrue(sections.get(0).intro().startsWith("Incomplete: 1 of 6 cells has no figures; "));
        assertTrue(sections.get(0).intro().contains("6 cells, 1 of them without figures"));
        assertEquals(
                List.of(Section.Mark.GOOD, Section.Mark.BAD, Section.Mark.BAD),
                sections.get(1).marks());
        assertEquals(1, ExperimentPage.sections(summary, List.of()).size());
    }

    @Test
    void promptValuesAreCountedInWhatWasLearned(@TempDir Path folder) {
        RunDirectory run = RunDirectory.at(folder);
        run.writeRecord(
                Records.running("r").finished(Records.START, Records.results(70, 60, 64.6), Map.of("training", 1.0)));
        assertEquals(
                OptionalDouble.empty(),
                ExperimentPage.figures(run).orElseThrow().promptValues());
        try (NDManager manager = NDManager.newBaseManager()) {
            Safetensors.write(
                    run.file(RunDirectory.LEARNED),
                    Map.of(
                            "prompt.context", manager.zeros(new Shape(4, 16)),
                            "mlp.hidden.weight", manager.zeros(new Shape(8, 2))),
                    Map.of());
        }
        assertEquals(
                OptionalDouble.of(64), ExperimentPage.figures(run).orElseThrow().promptValues());
    }
}
