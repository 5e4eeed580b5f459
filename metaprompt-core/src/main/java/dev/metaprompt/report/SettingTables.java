package dev.metaprompt.report;

import dev.metaprompt.run.Results;
import dev.metaprompt.run.Results.ZeroShot;
import dev.metaprompt.statistics.Shown;
import dev.metaprompt.statistics.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The settings of one model and data set as tables: beside what is known of others, and with intervals over seeds. */
final class SettingTables {
    private static final int BARS_A_CHART = 3;

    private SettingTables() {}

    /** Appends every setting's means beside zero-shot CLIP and what has been published. */
    static void result(Html html, List<Entry> entries, List<ZeroShot> zeroShot, Html.Rows published) {
        boolean differ = entries.stream().anyMatch(entry -> !entry.differences().isEmpty());
        List<List<String>> before = zeroShot.stream()
                .map(row -> line(
                        differ,
                        "zero-shot CLIP “" + row.template() + "”",
                        "",
                        "",
                        Shown.two(row.base()),
                        Shown.two(row.newClasses()),
                        Shown.two(row.harmonicMean()),
                        ""))
                .toList();
        List<List<String>> rows = new ArrayList<>();
        for (Entry entry : entries) {
            RunGroup group = entry.group();
            rows.add(line(
                    differ,
                    String.join(" ", entry.base()),
                    "#" + entry.number(),
                    entry.differences(),
                    Shown.two(mean(group.base())),
                    Shown.two(mean(group.newClasses())),
                    Shown.two(mean(group.harmonicMean())),
                    gain(entry)));
        }
        List<List<String>> others = published.rows().stream()
                .map(row -> line(differ, row.get(0), "", "", row.get(1), row.get(2), row.get(3), ""))
                .toList();
        html.table(
                "Accuracy on test images, percent",
                "",
                line(differ, "method", "#", "where settings differ", "base", "new", "H", "gain"),
                List.of(new Html.Rows("", before), new Html.Rows("", rows), new Html.Rows(published.title(), others)),
                differ ? 3 : 2);
        html.soft("Percent, means over seeds; H is the mean of the seeds' harmonic means. Gain is over the stronger"
                + " zero-shot template, in H, without new classes in base accuracy.");
    }

    /** Leaves out the third cell, where settings differ, if none does. */
    private static List<String> line(boolean differ, String... cells) {
        List<String> line = new ArrayList<>(List.of(cells));
        if (!differ) {
            line.remove(2);
        }
        return line;
    }

    private static OptionalDouble mean(Optional<Summary> summary) {
        return summary.map(s -> OptionalDouble.of(s.mean())).orElse(OptionalDouble.empty());
    }

    private static String gain(Entry entry) {
        List<Double> gains = new ArrayList<>();
        for (Results results : entry.results()) {
            Figures.gain(results).ifPresent(gains::add);
        }
        return gains.isEmpty() ? "–" : Shown.signed(Summary.of(gains).mean());
    }

    /** Appends the paper's Table 1 with both rules for H. */
    static void ways(Html html, List<Entry> entries) {
        List<List<String>> rows = new ArrayList<>();
        for (Entry entry : entries) {
            RunGroup group = entry.group();
            List<String> row = new ArrayList<>(List.of(entry.setting().method(), "#" + entry.number()));
            row.add(entry.isEpisodic() ? Long.toString(entry.setting().number("way")) : "–");
            row.add(Integer.toString(group.bySeed().size()));
            Stream.of(group.base(), group.newClasses(), group.harmonicMean())
                    .forEach(summary -> row.addAll(cells(summary)));
            row.add(Shown.two(group.harmonicMeanOfMeans()));
            rows.add(row);
        }
        StringBuilder over = new StringBuilder("<tr><td colspan=\"4\"></td>");
        Stream.of("base", "new", "mean H")
                .forEach(name -> over.append("<th scope=\"colgroup\" colspan=\"3\">" + name + "</th>"));
        over.append("<td></td></tr>\n");
        List<String> header = new ArrayList<>(List.of("method", "#", "N-way", "runs"));
        for (int i = 0; i < 3; i++) {
            header.addAll(List.of("mean", "sd", "95 %"));
        }
        header.add("H of means");
        html.table("Table 1", over.toString(), header, List.of(new Html.Rows("", rows)), 2);
        entries.stream()
                .map(SettingTables::mixed)
                .filter(line -> !line.isEmpty())
                .forEach(html::paragraph);
        html.soft("Percent. 95 % is the interval of Student's t over seeds, sd the sample standard deviation. Mean H is"
                + " the mean of the seeds' harmonic means, H of means the harmonic mean of the mean base and the mean new"
                + " accuracy.");
    }

    /** Seeds that different code computed are compared all the same, but not silently. */
    private static String mixed(Entry entry) {
        List<String> versions = entry.group().bySeed().values().stream()
                .map(Repeat::version)
                .distinct()
                .toList();
        return versions.size() == 1
                ? ""
                : "#" + entry.number() + " joins runs of " + versions.size() + " versions: "
                        + String.join("; ", versions) + ".";
    }

    private static List<String> cells(Optional<Summary> summary) {
        if (summary.isEmpty()) {
            return List.of("–", "–", "–");
        }
        Summary s = summary.get();
        String interval = s.halfWidth().isEmpty()
                ? "–"
                : Shown.two(s.low().getAsDouble()) + " – " + Shown.two(s.high().getAsDouble());
        return List.of(Shown.two(s.mean()), Shown.two(s.standardDeviation()), interval);
    }

    /** Appends the paper's Fig. 3. */
    static void bars(Html html, List<Entry> entries, List<ZeroShot> zeroShot) {
        List<BarChart.Group> bars = new ArrayList<>();
        for (ZeroShot row : zeroShot) {
            List<Optional<Summary>> values = Stream.of(
                            OptionalDouble.of(row.base()), row.newClasses(), row.harmonicMean())
                    .map(v -> v.isPresent() ? Optional.of(Summary.of(v.getAsDouble())) : Optional.<Summary>empty())
                    .toList();
            bars.add(new BarChart.Group(List.of("zero-shot CLIP", "“" + row.template() + "”"), values));
        }
        for (Entry entry : entries) {
            RunGroup group = entry.group();
            bars.add(
                    new BarChart.Group(entry.label(), List.of(group.base(), group.newClasses(), group.harmonicMean())));
        }
        StringBuilder charts = new StringBuilder();
        for (int start = 0; start < bars.size(); start += BARS_A_CHART) {
            List<BarChart.Group> some = bars.subList(start, Math.min(bars.size(), start + BARS_A_CHART));
            charts.append(new BarChart("Accuracy on base and new classes and mean H", List.of("base", "new", "H"), some)
                    .svg());
        }
        html.charts(charts.toString());
        html.soft("Error bars are 95 % intervals over seeds; zero-shot CLIP draws nothing and has none.");
    }
}
