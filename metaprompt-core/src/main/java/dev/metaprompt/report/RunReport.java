package dev.metaprompt.report;

import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.statistics.Shown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page of one run, {@code report.html}: figures, curves, classes, and everything needed to repeat it. */
public final class RunReport {
    private static final List<String> FILES = List.of(
            RunDirectory.RECORD,
            RunDirectory.METRICS,
            RunDirectory.EPOCHS,
            RunDirectory.EPISODES,
            RunDirectory.PREDICTIONS,
            RunDirectory.INITIAL,
            RunDirectory.LEARNED,
            RunDirectory.CONTEXTS);

    private final RunDirectory run;
    private final RunRecord record;
    private final RunFiles files;
    private final Html html = new Html();

    private RunReport(RunDirectory run, Pictures pictures) {
        this.run = run;
        this.files = new RunFiles(pictures);
        this.record = run.readRecord();
    }

    /**
     * Writes a run's page from the files of its directory, whatever its status. A damaged file other than the record
     * costs its part of the page only and is named on it.
     *
     * @param run a run with a record
     * @param pictures whose pictures the page may hold
     * @return the written file
     * @throws dev.metaprompt.InvalidInputException if the record is damaged or the page cannot be written
     */
    public static Path write(RunDirectory run, Pictures pictures) {
        Path file = run.file(RunDirectory.REPORT);
        AtomicFiles.writeText(file, new RunReport(run, pictures).page());
        return file;
    }

    private String page() {
        head();
        record.results().ifPresent(this::results);
        new Detail(html, files, List.of(run), record, record.results().stream().toList()).append(Samples.MOST);
        repeat();
        files();
        faults();
        return Page.of("Run " + record.id(), html.toString());
    }

    private void head() {
        Map<String, Object> config = record.config();
        html.raw("<h1>" + Html.escape(record.id()) + "</h1>");
        html.paragraph(record.method() + " on " + record.dataset().name() + " with "
                + record.model().name() + ", "
                + config.getOrDefault("way", "?") + "-way " + config.getOrDefault("shot", "?") + "-shot, seed "
                + config.getOrDefault("seed", "?") + ": " + record.status().word() + ".");
        record.error().ifPresent(error -> html.raw("<p class=\"error\">" + Html.escape(error) + "</p>"));
        WarningList.append(html, List.of(record));
    }

    private void results(Results results) {
        html.raw("<div class=\"figures\">");
        figure("base", Shown.one(results.base()));
        results.newClasses().ifPresent(value -> figure("new", Shown.one(value)));
        results.harmonicMean().ifPresent(value -> figure("harmonic mean H", Shown.one(value)));
        Figures.stronger(results)
                .ifPresent(row -> figure(
                        Figures.gainUnit(results) + " over zero-shot “" + row.template() + "”",
                        Shown.signed(Figures.gain(results))));
        html.raw("</div>");
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(
                "learned prompt",
                Shown.two(results.base()),
                Shown.two(results.newClasses()),
                Shown.two(results.harmonicMean())));
        for (Results.ZeroShot zeroShot : results.zeroShot()) {
            rows.add(row(
                    "zero-shot CLIP, “" + zeroShot.template() + "”",
                    Shown.two(zeroShot.base()),
                    Shown.two(zeroShot.newClasses()),
                    Shown.two(zeroShot.harmonicMean())));
        }
        rows.add(row(
                "learned prompt, mean over classes",
                Shown.two(results.macroBase()),
                Shown.two(results.macroNew()),
                "–"));
        rows.add(row(
                "multi-modal prototypes",
                Shown.two(results.multimodalBase()),
                Shown.two(results.multimodalNew()),
                "–"));
        html.heading("Accuracy on test images, percent");
        html.table(
                "Accuracy",
                "",
                row("method", "base", "new", "H"),
                List.of(
                        new Html.Rows("", rows),
                        Published.rows(record.model().name(), record.dataset().name())),
                1);
        others(results);
    }

    private void others(Results results) {
        results.gap()
                .ifPresent(gap ->
                        html.paragraph("Multi-modal minus text on base classes: " + Shown.signed(gap) + " points."));
        results.episodes()
                .ifPresent(e -> html.paragraph("Over " + e.count() + " test episodes: " + Shown.one(e.mean()) + " ± "
                        + Shown.one(e.halfWidth()) + " (95 % interval)."));
        results.selectedEpoch().ifPresent(epoch -> html.paragraph("Tensors of epoch " + epoch + " were kept."));
    }

    private void figure(String name, String value) {
        html.raw("<div><b>" + Html.escape(value) + "</b><span>" + Html.escape(name) + "</span></div>");
    }

    private void repeat() {
        html.heading("Everything needed to repeat it");
        html.paragraph("To train again with the same keys, and to repeat this run from its files and compare:");
        html.command(Repeat.train(record)).command(Repeat.replay(record));
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("started", record.started().toString()));
        record.finished().ifPresent(time -> rows.add(row("ended", time.toString())));
        rows.addAll(Repeat.environment(List.of(record)));
        record.timings()
                .forEach((phase, seconds) ->
                        rows.add(row("time: " + phase, String.format(Locale.ROOT, "%.1f s", seconds))));
        html.subheading("Environment and timings").raw("<div class=\"keys\">");
        html.table("Environment and timings", row("what", "value"), rows, 2).raw("</div>");
        html.subheading("Configuration").raw("<div class=\"keys\">");
        html.table("Configuration", row("key", "value", "set by"), Repeat.config(List.of(record)), 3)
                .raw("</div>");
    }

    private void faults() {
        if (!files.faults().isEmpty()) {
            html.heading("Left out").raw("<ul>");
            files.faults().forEach(line -> html.raw("<li>" + Html.escape(line) + "</li>"));
            html.raw("</ul>");
        }
    }

    private void files() {
        html.heading("Files of this run").raw("<ul>");
        for (String name : FILES) {
            if (Files.exists(run.file(name))) {
                html.raw("<li><a href=\"" + name + "\">" + name + "</a></li>");
            }
        }
        html.raw("</ul>");
    }

    private static List<String> row(String... cells) {
        return List.of(cells);
    }
}
