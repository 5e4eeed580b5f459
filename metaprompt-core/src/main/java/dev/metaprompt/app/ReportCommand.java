package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.report.RunsReport;
import dev.metaprompt.report.RunsTable;
import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import dev.metaprompt.run.SeedRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The goal {@code report}: a page and a table over all finished runs of the runs folder, also as Markdown and CSV. */
final class ReportCommand implements Command {
    @Override
    public void run(CommandContext context) {
        Configuration config = Settings.withoutModel(context);
        Path runs = Settings.runs(config);
        List<String> leftOut = new ArrayList<>();
        List<RunDirectory> finished = RunDirectory.list(runs).stream()
                .filter(run -> isFinished(run, leftOut))
                .toList();
        leftOut.forEach(line -> context.progress().phase("left out: " + line));
        if (finished.isEmpty()) {
            throw new InvalidInputException(
                    "runs is " + Quoted.path(runs)
                            + ", which holds no finished run. Train one: mvn metaprompt:train, or name another folder as runs.");
        }
        int onTrust = SeedRuns.of(finished).stream().mapToInt(SeedRuns::onTrust).sum();
        if (onTrust > 0) {
            DataContent.tellUnrecorded(context.progress(), onTrust + " of " + finished.size() + " runs were trained");
        }
        RunsTable table = RunsTable.of(finished);
        Path markdown = runs.resolve("table.md");
        Path csv = runs.resolve("table.csv");
        AtomicFiles.writeText(markdown, table.markdown());
        AtomicFiles.writeText(csv, table.csv());
        Path page = config.path("out").orElse(runs.resolve("report.html"));
        createFolder(page);
        RunsReport.write(finished, leftOut, page, Settings.pictures(context));
        List<String> lines = new ArrayList<>(table.text().lines().toList());
        Path base = context.baseDirectory();
        lines.add("");
        lines.add("table " + TrainCommand.shown(base, markdown) + "        " + TrainCommand.shown(base, csv)
                + "        report " + TrainCommand.shown(base, page));
        context.result(lines);
    }

    private static void createFolder(Path page) {
        try {
            Files.createDirectories(page.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new InvalidInputException(
                    "out is " + Quoted.path(page) + ", whose folder cannot be created: " + Quoted.reason(e)
                            + ". Name another file.",
                    e);
        }
    }

    // One damaged record must not hide the others.
    private static boolean isFinished(RunDirectory run, List<String> leftOut) {
        try {
            RunRecord record = run.readRecord();
            boolean finished = record.status() == RunStatus.FINISHED;
            if (!finished) {
                leftOut.add("run " + run.id() + " is " + record.status().word()
                        + record.error().map(error -> ": " + error).orElse(""));
            } else if (record.results().isEmpty()) {
                leftOut.add("run " + run.id() + " is finished but has no results");
            }
            return finished && record.results().isPresent();
        } catch (InvalidInputException e) {
            leftOut.add(e.getMessage());
            return false;
        }
    }
}
