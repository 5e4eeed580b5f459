package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.ClaimsFile;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Claim;
import dev.metaprompt.experiment.Claims;
import dev.metaprompt.experiment.ExperimentSummary;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.RunFigures;
import dev.metaprompt.experiment.SummaryFiles;
import dev.metaprompt.experiment.Verdict;
import dev.metaprompt.experiment.VerdictFiles;
import dev.metaprompt.report.RunsReport;
import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import dev.metaprompt.tracking.ExperimentRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What an experiment leaves: summary, report, verdicts, and the error if cells failed. */
final class ExperimentEnd {
    private static final String REPORT = "report.html";

    private final CommandContext context;
    private final Plan plan;
    private final Path folder;
    private final FailedCells failed;
    private final Map<Cell, String> reasons;
    private final ExperimentRun tracked;
    private final Map<Cell, Optional<Results>> results = new HashMap<>();
    private final Map<Cell, CodeVersion> codes = new HashMap<>();
    private final Map<Cell, Optional<RunFigures>> figures = new HashMap<>();

    /**
     * Takes what is to be told.
     *
     * @param failed cells known to have failed
     * @param tracked the experiment on the tracking server, ended here
     */
    ExperimentEnd(CommandContext context, Plan plan, Path folder, FailedCells failed, ExperimentRun tracked) {
        this.context = context;
        this.plan = plan;
        this.folder = folder;
        this.failed = failed;
        this.reasons = new LinkedHashMap<>(failed.known(plan));
        this.tracked = tracked;
    }

    static List<Claim> claims(Configuration asked) {
        return asked.path("experiment.claims")
                .map(file -> ClaimsFile.read(file, asked.text("experiment.claims")))
                .orElseGet(ClaimsFile::builtIn);
    }

    /**
     * Writes summary, verdicts and report, and prints them; an interrupted experiment has what is finished in them.
     *
     * @throws InvalidInputException if cells failed or have no figures, and nobody has interrupted the experiment
     */
    void tell(List<Claim> claims) {
        ExperimentSummary summary =
                ExperimentSummary.of(plan, this::results, reasons).marked(CodeVersion.of(context.facts()), codes);
        SummaryFiles.write(folder, summary);
        List<Verdict> verdicts = Claims.judgeRuns(claims, plan, this::figures);
        if (!verdicts.isEmpty()) {
            VerdictFiles.write(folder, verdicts);
        }
        report(summary, verdicts);
        List<String> lines = lines(summary, verdicts);
        link(summary).ifPresent(page -> lines.add("MLflow " + page));
        context.result(lines);
        if (context.interrupted()) {
            context.progress().phase("interrupted; the same command goes on with what is missing");
            return;
        }
        FailedCells all = failed.and(summary);
        if (all.count() > 0) {
            throw new InvalidInputException(all.message(plan));
        }
    }

    private Optional<Results> results(Cell cell) {
        return results.computeIfAbsent(cell, this::read);
    }

    private Optional<Results> read(Cell cell) {
        Optional<RunRecord> finished = ExperimentCommand.run(folder, cell)
                .map(RunDirectory::readRecord)
                .filter(record -> record.status() == RunStatus.FINISHED)
                .filter(record -> isOfTheseImages(cell, record));
        finished.ifPresent(record -> codes.put(cell, CodeVersion.of(record)));
        return finished.flatMap(RunRecord::results);
    }

    // Another machine may have computed the cell for a plan of other images.
    private boolean isOfTheseImages(Cell cell, RunRecord record) {
        Optional<String> reason = CellImages.disagreement(cell, record);
        reason.ifPresent(text -> reasons.put(cell, text));
        return reason.isEmpty();
    }

    private Optional<RunFigures> figures(Cell cell) {
        return figures.computeIfAbsent(
                cell,
                key -> ExperimentCommand.run(folder, key)
                        .filter(run -> results(key).isPresent())
                        .flatMap(ExperimentPage::figures));
    }

    private void report(ExperimentSummary summary, List<Verdict> verdicts) {
        List<RunDirectory> finished = plan.cells().stream()
                .filter(cell -> results(cell).isPresent())
                .map(cell -> RunDirectory.open(folder.resolve(cell.folder())))
                .toList();
        if (finished.isEmpty()) {
            return;
        }
        List<String> leftOut = new ArrayList<>();
        summary.missing().forEach((cell, reason) -> leftOut.add(cell.coordinates() + ": " + reason));
        RunsReport.write(
                finished,
                leftOut,
                folder.resolve(REPORT),
                Settings.pictures(context),
                ExperimentPage.sections(summary, verdicts));
    }

    private List<String> lines(ExperimentSummary summary, List<Verdict> verdicts) {
        List<String> lines = new ArrayList<>(SummaryFiles.text(summary));
        if (!verdicts.isEmpty()) {
            lines.add("");
            verdicts.forEach(verdict -> lines.add(String.format(
                    Locale.ROOT,
                    "%-9s  %s%s",
                    verdict.kind().word(),
                    verdict.claim().sentence(),
                    verdict.basis().note().map(note -> " (" + note + ")").orElse(""))));
        }
        Path base = context.baseDirectory();
        lines.add("");
        lines.add("summary " + TrainCommand.shown(base, folder.resolve(SummaryFiles.MARKDOWN)) + "        report "
                + TrainCommand.shown(base, folder.resolve(REPORT)));
        return lines;
    }

    private Optional<String> link(ExperimentSummary summary) {
        RunStatus status = context.interrupted()
                ? RunStatus.INTERRUPTED
                : failed.and(summary).count() == 0 ? RunStatus.FINISHED : RunStatus.FAILED;
        Map<String, Double> figures = new LinkedHashMap<>();
        for (ExperimentSummary.Group group : summary.groups()) {
            group.figures().forEach((figure, value) -> figures.put(figure.word() + "/" + group.label(), value.mean()));
        }
        return tracked.end(status, figures, context.interrupted());
    }
}
