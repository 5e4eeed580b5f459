package dev.metaprompt.report;

import dev.metaprompt.ModelReading;
import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Results.ZeroShot;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.run.SeedRuns;
import dev.metaprompt.statistics.Shown;
import dev.metaprompt.statistics.Summary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The page over many runs: for each model and data set the result beside others', the paper's Table 1, its Fig. 3 as
 * bars, and settings in detail, its Fig. 4 among that; with intervals over seeds. Built from run directories alone.
 */
public final class RunsReport {
    /** Settings in detail are most of the page's bytes. */
    private static final int MOST_DETAILS = 8;

    private final List<Entry> entries;
    private final List<String> leftOut;
    private final RunFiles files;
    private final Html html = new Html();
    private final Path page;

    private RunsReport(List<SeedRuns> groups, List<String> leftOut, Path page, Pictures pictures) {
        this.entries = Entry.of(groups);
        this.files = new RunFiles(pictures);
        this.leftOut = leftOut;
        this.page = page;
    }

    /**
     * Writes the page. A file of a run that is missing or damaged, other than its record, costs that file's part of the
     * page only and is named on it.
     *
     * @param runs run directories with records; those that are not finished, or repeated later with the same setting
     *     and seed, count for nothing and are named on the page
     * @param leftOut a line for each further run that is not among them, such as those that could not be read
     * @param file the page; its folder exists
     * @param pictures whose pictures the page may hold
     * @throws dev.metaprompt.InvalidInputException if a run's record is damaged or the page cannot be written
     */
    public static void write(List<RunDirectory> runs, List<String> leftOut, Path file, Pictures pictures) {
        write(runs, leftOut, file, pictures, List.of());
    }

    /**
     * Writes the page with tables of its own at its top.
     *
     * @param runs as above
     * @param leftOut as above
     * @param file as above
     * @param pictures as above
     * @param sections the tables
     * @throws dev.metaprompt.InvalidInputException as above
     */
    public static void write(
            List<RunDirectory> runs, List<String> leftOut, Path file, Pictures pictures, List<Section> sections) {
        List<SeedRuns> groups = SeedRuns.of(runs);
        List<String> all = new ArrayList<>(leftOut);
        all.addAll(LeftOut.of(runs, groups));
        AtomicFiles.writeText(file, new RunsReport(groups, all, file, pictures).page(sections));
    }

    private String page(List<Section> tables) {
        html.raw("<h1>Runs</h1>");
        tables.forEach(table -> table.append(html));
        int runs = entries.stream().mapToInt(e -> e.group().bySeed().size()).sum();
        html.paragraph(runs + (runs == 1 ? " finished run of " : " finished runs of ") + entries.size()
                + (entries.size() == 1 ? " setting." : " settings.")
                + " Runs that differ in the seed alone are one setting;"
                + " of two with the same seed the later counts."
                + (leftOut.isEmpty() ? "" : " " + leftOut.size() + " left out, see the end."));
        Map<RunSetting.Data, List<Entry>> sections = new LinkedHashMap<>();
        entries.forEach(e -> sections.computeIfAbsent(e.setting().data(), d -> new ArrayList<>())
                .add(e));
        contents(sections.keySet());
        Set<Entry> detailed = detailed(sections);
        int samples = Math.max(2, Samples.MOST / Math.max(1, sections.size()) / 2 * 2);
        int number = 0;
        for (Map.Entry<RunSetting.Data, List<Entry>> section : sections.entrySet()) {
            boolean hasSamples = number * samples < Samples.MOST;
            section(++number, section.getKey(), section.getValue(), detailed, hasSamples ? samples : 0);
        }
        RunsRepeat.append(html, entries, page);
        leftOut();
        return Page.of("Runs", html.toString());
    }

    private void contents(Set<RunSetting.Data> sections) {
        if (sections.size() > 1) {
            html.raw(
                    "<nav aria-label=\"models and data sets\"><p>Figures of different models and data are never mixed:</p><ul>");
            int number = 0;
            for (RunSetting.Data data : sections) {
                html.raw("<li><a href=\"#data" + ++number + "\">" + Html.escape(title(data)) + "</a></li>");
            }
            html.raw("</ul></nav>");
        }
    }

    /** Returns the settings to show in detail: first one of each model and data set, then others as they come. */
    private static Set<Entry> detailed(Map<RunSetting.Data, List<Entry>> sections) {
        Set<Entry> detailed = new LinkedHashSet<>();
        sections.values().stream().map(RunsReport::foremost).limit(MOST_DETAILS).forEach(detailed::add);
        sections.values().stream()
                .flatMap(List::stream)
                .takeWhile(entry -> detailed.size() < MOST_DETAILS)
                .forEach(detailed::add);
        return detailed;
    }

    private static Entry foremost(List<Entry> section) {
        return section.stream().filter(Entry::isEpisodic).findFirst().orElse(section.get(0));
    }

    private static String title(RunSetting.Data data) {
        return data.model() + " on " + data.dataset()
                + (data.generatorSeed().equals("") || !data.dataset().equals("textures")
                        ? ""
                        : ", generator seed " + data.generatorSeed())
                + (data.testColorOrder().isEmpty() ? "" : ", image.colorOrder " + data.testColorOrder());
    }

    private void section(int number, RunSetting.Data data, List<Entry> section, Set<Entry> detailed, int samples) {
        List<ZeroShot> zeroShot = zeroShot(section);
        html.raw("<h2 id=\"data" + number + "\">" + Html.escape(title(data)) + "</h2>");
        html.soft("Weights " + digest(data.weights()) + ", split " + digest(data.split()) + ", "
                + (data.reading().isEmpty() ? "" : "model files " + ModelReading.shown(data.reading()) + ", ")
                + (data.testContent().isEmpty() ? "" : "test images " + digest(data.testContent()) + ", ")
                + data.base().size() + " base and " + data.newClasses().size() + " new classes.");
        WarningList.append(html, records(section));
        html.subheading("Result");
        SettingTables.result(html, section, zeroShot, Published.rows(data));
        html.subheading("Base to new by N-way (the paper's Table 1)");
        SettingTables.ways(html, section);
        html.subheading("Methods (the paper's Fig. 3)");
        SettingTables.bars(html, section, zeroShot);
        details(section, detailed, samples);
        calibration(section);
    }

    private static String digest(String sha256) {
        return sha256.substring(0, Math.min(12, sha256.length()));
    }

    /** Zero-shot CLIP draws nothing: any run's figures are those of all. */
    private static List<ZeroShot> zeroShot(List<Entry> section) {
        Map<String, ZeroShot> byTemplate = new LinkedHashMap<>();
        section.stream()
                .flatMap(entry -> entry.results().stream())
                .flatMap(results -> results.zeroShot().stream())
                .forEach(row -> byTemplate.put(row.template(), row));
        return List.copyOf(byTemplate.values());
    }

    private void details(List<Entry> section, Set<Entry> detailed, int samples) {
        Entry foremost = foremost(section);
        html.subheading("Settings in detail: epochs (the paper's Fig. 4), classes, losses, calibration, samples");
        for (Entry entry : section) {
            if (detailed.contains(entry)) {
                String differences = entry.differences().isEmpty() ? "" : ", " + entry.differences();
                html.open("#" + entry.number() + " " + String.join(" ", entry.base()) + differences, entry == foremost);
                new Detail(html, files, entry.directories(), entry.first(), entry.results())
                        .append(entry == foremost ? samples : 0);
                html.close();
            }
        }
        if (!detailed.containsAll(section)) {
            html.soft(
                    "Other settings are left out here to keep the page small; each run's own report.html shows them.");
        }
    }

    private void calibration(List<Entry> section) {
        List<List<String>> rows = new ArrayList<>();
        for (Entry entry : section) {
            List<List<Prediction>> runs = entry.directories().stream()
                    .map(files::predictions)
                    .filter(predictions -> !predictions.isEmpty())
                    .toList();
            if (!runs.isEmpty()) {
                List<String> row = new ArrayList<>(List.of(String.join(" ", entry.base()), "#" + entry.number()));
                Stream.of("base", "new").forEach(split -> row.add(error(runs, split)));
                rows.add(row);
            }
        }
        if (!rows.isEmpty()) {
            html.subheading("Calibration of all settings");
            html.table("Expected calibration error", List.of("method", "#", "ECE base", "ECE new"), rows, 2);
            html.soft("Expected calibration error in percent over " + Calibration.BINS
                    + " bins of equal width, of each run; mean ± half the 95 % interval over seeds.");
        }
    }

    private static String error(List<List<Prediction>> runs, String split) {
        List<Double> errors = runs.stream()
                .map(run -> Calibration.percent(Calibration.half(run, split)))
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .toList();
        return Shown.interval(errors.isEmpty() ? Optional.empty() : Optional.of(Summary.of(errors)));
    }

    private void leftOut() {
        List<String> lines = new ArrayList<>(leftOut);
        lines.addAll(files.faults());
        if (!lines.isEmpty()) {
            html.heading("Left out").raw("<ul>");
            lines.forEach(line -> html.raw("<li>" + Html.escape(line) + "</li>"));
            html.raw("</ul>");
        }
    }

    /** Returns the records of all runs on the page. */
    static List<RunRecord> records(List<Entry> entries) {
        return entries.stream()
                .flatMap(e -> e.group().bySeed().values().stream())
                .toList();
    }
}
