package dev.metaprompt.report;

import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
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
    private final Html html = new Html();

    private RunReport(RunDirectory run) {
        this.run = run;
        this.record = run.readRecord();
    }

    /**
     * Writes a run's page from the files of its directory, whatever its status.
     *
     * @param run a run with a record
     * @return the written file
     * @throws dev.metaprompt.InvalidInputException if a file of the run is damaged or the page cannot be written
     */
    public static Path write(RunDirectory run) {
        Path file = run.file(RunDirectory.REPORT);
        AtomicFiles.writeText(file, new RunReport(run).page());
        return file;
    }

    private String page() {
        head();
        record.results().ifPresent(this::results);
        Curves.append(html, run);
        record.results().ifPresent(results -> ClassTable.append(html, run, record, results));
        record.results().ifPresent(results -> predictions());
        Published.append(html);
        config();
        environment();
        files();
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
    }

    private void results(Results results) {
        html.raw("<div class=\"figures\">");
        figure("base", Figures.one(results.base()));
        results.newClasses().ifPresent(value -> figure("new", Figures.one(value)));
        results.harmonicMean().ifPresent(value -> figure("harmonic mean H", Figures.one(value)));
        Figures.stronger(results)
                .ifPresent(row -> figure(
                        Figures.gainUnit(results) + " over zero-shot “" + row.template() + "”",
                        Figures.signed(Figures.gain(results))));
        html.raw("</div>");
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(
                "learned prompt",
                Figures.one(results.base()),
                Figures.one(results.newClasses()),
                Figures.one(results.harmonicMean())));
        for (Results.ZeroShot zeroShot : results.zeroShot()) {
            rows.add(row(
                    "zero-shot CLIP, “" + zeroShot.template() + "”",
                    Figures.one(zeroShot.base()),
                    Figures.one(zeroShot.newClasses()),
                    Figures.one(zeroShot.harmonicMean())));
        }
        rows.add(row(
                "learned prompt, mean over classes",
                Figures.one(results.macroBase()),
                Figures.one(results.macroNew()),
                "–"));
        rows.add(row(
                "multi-modal prototypes",
                Figures.one(results.multimodalBase()),
                Figures.one(results.multimodalNew()),
                "–"));
        html.heading("Accuracy on test images, percent");
        html.table(row("", "base", "new", "H"), rows, 1);
        others(results);
    }

    private void others(Results results) {
        results.gap()
                .ifPresent(gap ->
                        html.paragraph("Multi-modal minus text on base classes: " + Figures.signed(gap) + " points."));
        results.episodes()
                .ifPresent(e -> html.paragraph("Over " + e.count() + " test episodes: " + Figures.one(e.mean()) + " ± "
                        + Figures.one(e.halfWidth()) + " (95 % interval)."));
        results.selectedEpoch().ifPresent(epoch -> html.paragraph("Tensors of epoch " + epoch + " were kept."));
    }

    private void predictions() {
        Path file = run.file(RunDirectory.PREDICTIONS);
        List<Prediction> all = Files.exists(file) ? Predictions.read(file) : List.of();
        if (all.isEmpty()) {
            return;
        }
        Samples.append(html, record, all);
        html.heading("Confusion");
        for (String split : List.of("base", "new")) {
            List<Prediction> half =
                    all.stream().filter(p -> p.split().equals(split)).toList();
            List<String> classes = split.equals("base")
                    ? record.dataset().base()
                    : record.dataset().newClasses();
            if (!half.isEmpty()) {
                html.paragraph("The " + split + " classes: rows are true, columns predicted.");
                html.raw(ConfusionMap.of("Confusion of " + split + " classes", classes, half)
                        .svg());
            }
        }
        Calibration calibration = Calibration.of(all);
        html.heading("Calibration");
        html.paragraph(String.format(
                Locale.ROOT,
                "Expected calibration error over %d bins of equal width: %.3f (%d predictions).",
                Calibration.BINS,
                calibration.error(),
                all.size()));
        html.raw(calibration.svg("Reliability"));
    }

    private void figure(String name, String value) {
        html.raw("<div><b>" + Html.escape(value) + "</b><span>" + Html.escape(name) + "</span></div>");
    }

    private void config() {
        List<List<String>> rows = new ArrayList<>();
        record.config()
                .forEach((key, value) ->
                        rows.add(row(key, value.toString(), record.origins().getOrDefault(key, "–"))));
        html.heading("Configuration").table(row("key", "value", "set by"), rows, 3);
    }

    private void environment() {
        RunRecord.Environment e = record.environment();
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("to repeat and compare", "mvn metaprompt:replay -Dmetaprompt.run=" + record.id()));
        rows.add(row("started", record.started().toString()));
        record.finished().ifPresent(time -> rows.add(row("ended", time.toString())));
        rows.add(row(
                "project", e.project() + e.gitCommit().map(c -> ", commit " + c).orElse("")));
        rows.add(row("DJL and engine", e.djl() + ", " + e.engine()));
        rows.add(row("Java and system", e.java() + ", " + e.os()));
        rows.add(row("device", e.device() + ", " + e.threads() + " threads"));
        rows.add(row(
                "model", record.model().path() + ", sha256 " + record.model().sha256()));
        rows.add(row(
                "split",
                record.dataset().split() + " of " + record.dataset().path() + ", sha256 "
                        + record.dataset().sha256()));
        record.timings()
                .forEach((phase, seconds) ->
                        rows.add(row("time: " + phase, String.format(Locale.ROOT, "%.1f s", seconds))));
        html.heading("Environment and timings").table(row("", ""), rows, 2);
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
