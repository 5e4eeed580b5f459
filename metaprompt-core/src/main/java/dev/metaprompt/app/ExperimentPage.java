package dev.metaprompt.app;

import dev.metaprompt.experiment.ExperimentSummary;
import dev.metaprompt.experiment.RunFigures;
import dev.metaprompt.experiment.SummaryFiles;
import dev.metaprompt.experiment.Verdict;
import dev.metaprompt.experiment.VerdictFiles;
import dev.metaprompt.method.ContextVectors;
import dev.metaprompt.report.Section;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.tensor.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What an experiment shows at the top of its page, and what its claims are judged by. */
final class ExperimentPage {
    private ExperimentPage() {}

    /** Returns the summary's table and, where claims were judged, theirs. */
    static List<Section> sections(ExperimentSummary summary, List<Verdict> verdicts) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section(
                summary.plan().title(),
                cells(summary),
                SummaryFiles.header(),
                SummaryFiles.rows(summary),
                1,
                List.of(),
                SummaryFiles.note(summary)));
        if (!verdicts.isEmpty()) {
            sections.add(new Section(
                    "Claims",
                    VerdictFiles.incomplete(verdicts).map(line -> line + ". ").orElse("")
                            + "Each sentence is a hypothesis; its verdict follows from the figures of this experiment alone.",
                    VerdictFiles.header(),
                    VerdictFiles.rows(verdicts),
                    VerdictFiles.TEXT_COLUMNS,
                    verdicts.stream().map(ExperimentPage::mark).toList(),
                    VerdictFiles.NOTE));
        }
        return sections;
    }

    private static String cells(ExperimentSummary summary) {
        int all = summary.plan().cells().size();
        int missing = summary.missing().size();
        return summary.incomplete().map(incomplete -> incomplete + ". ").orElse("")
                + "Experiment " + summary.plan().name() + ": " + all + (all == 1 ? " cell" : " cells")
                + (missing == 0 ? ", all finished." : ", " + missing + " of them without figures, see the end.")
                + summary.otherCodeNote().map(note -> " " + note + ".").orElse("");
    }

    private static Section.Mark mark(Verdict verdict) {
        return switch (verdict.kind()) {
            case HOLDS -> Section.Mark.GOOD;
            case UNDECIDED -> Section.Mark.OPEN;
            case REFUTED -> Section.Mark.BAD;
        };
    }

    /**
     * Reads what a run's claims are judged by.
     *
     * @param run a run with a record
     * @return nothing unless it is finished
     */
    static Optional<RunFigures> figures(RunDirectory run) {
        return RunFigures.read(run).map(figures -> withPromptValues(figures, run.file(RunDirectory.LEARNED)));
    }

    private static RunFigures withPromptValues(RunFigures figures, Path learned) {
        if (!Files.isRegularFile(learned)) {
            return figures;
        }
        try (Safetensors tensors = Safetensors.open(learned)) {
            return tensors.names().contains(ContextVectors.NAME)
                    ? figures.withPromptValues(
                            Arrays.stream(tensors.shape(ContextVectors.NAME)).reduce(1, (a, b) -> a * b))
                    : figures;
        }
    }
}
