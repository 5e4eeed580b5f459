package dev.metaprompt.report;

import dev.metaprompt.report.LineChart.Series;
import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.run.SeedRuns;
import dev.metaprompt.statistics.Summary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The page over many runs: for each model and data set the paper's Table 1, its Fig. 3 as bars and its Fig. 4 as curves,
 * with intervals over seeds. Built from run directories alone.
 */
public final class RunsReport {
    private static final int BARS_A_CHART = 5;
    private static final List<String> FIGURES = List.of("base", "new", "harmonic mean");

    private final List<SeedRuns> groups;
    private final List<RunGroup> tables = new ArrayList<>();
    private final List<String> leftOut;
    private final Html html = new Html();

    private RunsReport(List<SeedRuns> groups, List<String> leftOut) {
        this.groups = groups;
        this.leftOut = leftOut;
        for (SeedRuns group : groups) {
            Map<Long, RunRecord> bySeed = new LinkedHashMap<>();
            group.bySeed().forEach((seed, run) -> bySeed.put(seed, run.record()));
            tables.add(new RunGroup(group.setting(), bySeed));
        }
    }

    /**
     * Writes the page.
     *
     * @param runs run directories with records; those that are not finished count for nothing
     * @param leftOut a line for each run that could not be read or is not finished
     * @param file the page; its folder exists
     * @throws dev.metaprompt.InvalidInputException if a run's file is damaged or the page cannot be written
     */
    public static void write(List<RunDirectory> runs, List<String> leftOut, Path file) {
        AtomicFiles.writeText(file, new RunsReport(SeedRuns.of(runs), leftOut).page());
    }

    private String page() {
        html.raw("<h1>Runs</h1>");
        int runs = groups.stream().mapToInt(group -> group.bySeed().size()).sum();
        html.paragraph(runs + (runs == 1 ? " finished run of " : " finished runs of ") + groups.size()
                + (groups.size() == 1 ? " setting." : " settings.")
                + " Runs that differ in the seed alone are one setting;"
                + " of two with the same seed the later counts.");
        data().forEach(this::section);
        Published.append(html);
        repeat();
        if (!leftOut.isEmpty()) {
            html.heading("Left out").raw("<ul>");
            leftOut.forEach(line -> html.raw("<li>" + Html.escape(line) + "</li>"));
            html.raw("</ul>");
        }
        return Page.of("Runs", html.toString());
    }

    private List<RunSetting.Data> data() {
        return groups.stream().map(group -> group.setting().data()).distinct().toList();
    }

    private void section(RunSetting.Data data) {
        List<Integer> members = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).setting().data().equals(data)) {
                members.add(i);
            }
        }
        List<Results.ZeroShot> zeroShot = zeroShot(members);
        html.heading(data.model() + " on " + data.dataset()
                + (data.generatorSeed().equals("") || !data.dataset().equals("textures")
                        ? ""
                        : ", generator seed " + data.generatorSeed()));
        html.raw("<p class=\"soft\">weights " + digest(data.weights()) + ", split " + digest(data.split()) + ", "
                + data.base().size() + " base and " + data.newClasses().size() + " new classes</p>");
        table(members, zeroShot);
        bars(members, zeroShot);
        Optional<Integer> opened = members.stream()
                .filter(i -> groups.get(i).setting().method().equals("metaprompt"))
                .findFirst();
        members.forEach(i -> curves(i, opened.filter(first -> first == i).isPresent()));
    }

    private static String digest(String sha256) {
        return Html.escape(sha256.substring(0, Math.min(12, sha256.length())));
    }

    /** Zero-shot CLIP draws nothing: any run's figures are those of all. */
    private List<Results.ZeroShot> zeroShot(List<Integer> members) {
        Map<String, Results.ZeroShot> byTemplate = new LinkedHashMap<>();
        members.forEach(i -> groups.get(i).bySeed().values().stream()
                .flatMap(run -> run.results().zeroShot().stream())
                .forEach(row -> byTemplate.put(row.template(), row)));
        return List.copyOf(byTemplate.values());
    }

    private void table(List<Integer> members, List<Results.ZeroShot> zeroShot) {
        List<List<String>> rows = new ArrayList<>();
        for (Results.ZeroShot row : zeroShot) {
            rows.add(List.of(
                    "zero-shot CLIP “" + row.template() + "”",
                    "",
                    "–",
                    Figures.one(row.base()),
                    Figures.one(row.newClasses()),
                    Figures.one(row.harmonicMean()),
                    Figures.one(row.harmonicMean())));
        }
        for (int i : members) {
            RunGroup group = tables.get(i);
            rows.add(List.of(
                    name(group.setting()),
                    group.differences(tables),
                    Integer.toString(group.bySeed().size()),
                    withDeviation(group.base()),
                    withDeviation(group.newClasses()),
                    withDeviation(group.harmonicMean()),
                    Figures.one(group.harmonicMeanOfMeans())));
        }
        html.table(List.of("", "settings", "seeds", "base", "new", "mean H", "H of means"), rows, 2);
        html.raw(
                "<p class=\"soft\">Percent; mean ± half the 95 % interval of Student's t over seeds (standard deviation)."
                        + " Mean H is the mean of the seeds' harmonic means, H of means the harmonic mean of the mean base and the"
                        + " mean new accuracy.</p>");
    }

    private static String withDeviation(Optional<Summary> summary) {
        String deviation = summary.filter(s -> s.standardDeviation().isPresent())
                .map(s -> " (" + Figures.one(s.standardDeviation().getAsDouble()) + ")")
                .orElse("");
        return Figures.interval(summary) + deviation;
    }

    private static String name(RunSetting setting) {
        return String.join(" ", label(setting));
    }

    private static List<String> label(RunSetting setting) {
        return setting.method().equals("metaprompt")
                ? List.of(setting.method(), setting.number("way") + "-way " + setting.number("shot") + "-shot")
                : List.of(setting.method());
    }

    private void bars(List<Integer> members, List<Results.ZeroShot> zeroShot) {
        List<BarChart.Group> bars = new ArrayList<>();
        for (Results.ZeroShot row : zeroShot) {
            List<Optional<Summary>> values = Stream.of(
                            OptionalDouble.of(row.base()), row.newClasses(), row.harmonicMean())
                    .map(v -> v.isPresent() ? Optional.of(Summary.of(v.getAsDouble())) : Optional.<Summary>empty())
                    .toList();
            bars.add(new BarChart.Group(List.of("zero-shot", "“" + row.template() + "”"), values));
        }
        for (int i : members) {
            RunGroup group = tables.get(i);
            List<String> label = new ArrayList<>(label(group.setting()));
            String differences = group.differences(tables);
            if (!differences.isEmpty()) {
                label.add(differences.length() > 22 ? differences.substring(0, 21) + "…" : differences);
            }
            bars.add(new BarChart.Group(label, List.of(group.base(), group.newClasses(), group.harmonicMean())));
        }
        for (int start = 0; start < bars.size(); start += BARS_A_CHART) {
            List<BarChart.Group> some = bars.subList(start, Math.min(bars.size(), start + BARS_A_CHART));
            html.raw(new BarChart("Base, new and harmonic mean", FIGURES, some).svg());
        }
    }

    private void curves(int index, boolean open) {
        SeedRuns group = groups.get(index);
        List<Series> accuracies = Stream.of(
                        SeedCurves.of(group, "textAccuracy", "text"),
                        SeedCurves.of(group, "multimodalAccuracy", "multi-modal"))
                .filter(series -> !series.points().isEmpty())
                .toList();
        List<Series> gap = Stream.of(SeedCurves.of(group, "gap", "multi-modal − text"))
                .filter(series -> !series.points().isEmpty())
                .toList();
        if (accuracies.isEmpty()) {
            return;
        }
        String title = name(group.setting());
        String differences = tables.get(index).differences(tables);
        html.raw("<details" + (open ? " open=\"open\"" : "") + "><summary>Epochs of "
                + Html.escape(title + (differences.isEmpty() ? "" : " (" + differences + ")")) + "</summary>");
        html.raw(new LineChart(title + ": base classes", "epoch", "percent", accuracies).svg());
        if (!gap.isEmpty()) {
            html.raw(new LineChart(title + ": modality gap", "epoch", "points", gap).svg());
        }
        html.raw("</details>");
    }

    private void repeat() {
        html.heading("Runs in detail");
        List<List<String>> rows = new ArrayList<>();
        for (SeedRuns group : groups) {
            group.bySeed()
                    .forEach((seed, run) -> rows.add(List.of(
                            run.record().id(),
                            run.record().environment().project()
                                    + run.record()
                                            .environment()
                                            .gitCommit()
                                            .map(commit -> ", " + commit.substring(0, Math.min(12, commit.length())))
                                            .orElse(""),
                            Figures.one(run.results().base()),
                            Figures.one(run.results().newClasses()),
                            Figures.one(run.results().harmonicMean()))));
        }
        html.table(List.of("run", "version", "base", "new", "H"), rows, 2);
        html.paragraph(
                "Each run's folder holds everything needed to repeat it: mvn metaprompt:replay -Dmetaprompt.run=<id>");
    }
}
