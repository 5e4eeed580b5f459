package dev.metaprompt.report;

import dev.metaprompt.TextTable;
import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.Csv;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.run.SeedRuns;
import dev.metaprompt.statistics.Shown;
import dev.metaprompt.statistics.Summary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Many runs in one table: a row for every setting, over its seeds, beside zero-shot CLIP.
 *
 * <p>Runs are one setting if they differ in nothing but the seed (and in where files are and how many threads computed
 * them). Of two runs with one setting and one seed, the later counts: it is no second sample. Intervals are 95 % of
 * Student's t over the seeds. A row that joins runs of different code is marked, and the table says what code that was.
 * Zero-shot CLIP draws nothing, so its rows have neither seeds nor intervals.
 */
public final class RunsTable {
    private static final List<String> HEADER = List.of(
            "method", "dataset", "model", "way", "shot", "seeds", "base", "new", "mean H", "H of means", "settings");

    private static final List<String> CSV_HEADER = List.of(
            "method",
            "dataset",
            "model",
            "way",
            "shot",
            "settings",
            "seeds",
            "base",
            "baseHalfWidth",
            "new",
            "newHalfWidth",
            "meanH",
            "meanHHalfWidth",
            "hOfMeans",
            "code");

    private static final int CODES = 6;
    private static final Set<Integer> TEXT_COLUMNS = Set.of(0, 1, 2, HEADER.size() - 1);

    private final List<RunGroup> groups;
    private final Map<RunSetting.Data, Map<String, Results.ZeroShot>> zeroShot;

    private RunsTable(List<RunGroup> groups, Map<RunSetting.Data, Map<String, Results.ZeroShot>> zeroShot) {
        this.groups = groups;
        this.zeroShot = zeroShot;
    }

    /**
     * Reads runs.
     *
     * @param runs run directories; those that are not finished are left out
     * @return their table
     * @throws dev.metaprompt.InvalidInputException if a record is damaged
     */
    public static RunsTable of(List<RunDirectory> runs) {
        List<RunGroup> groups = new ArrayList<>();
        Map<RunRecord, RunSetting.Data> finished = new HashMap<>();
        for (SeedRuns group : SeedRuns.of(runs)) {
            Map<Long, RunRecord> bySeed = new LinkedHashMap<>();
            group.bySeed().forEach((seed, run) -> bySeed.put(seed, run.record()));
            groups.add(new RunGroup(group.setting(), bySeed));
            bySeed.values()
                    .forEach(record -> finished.put(record, group.setting().data()));
        }
        List<RunRecord> inOrder = new ArrayList<>(finished.keySet());
        inOrder.sort(Comparator.comparing(RunRecord::started).thenComparing(RunRecord::id));
        Map<RunSetting.Data, Map<String, Results.ZeroShot>> zeroShot = new LinkedHashMap<>();
        for (RunRecord record : inOrder) {
            Map<String, Results.ZeroShot> rows =
                    zeroShot.computeIfAbsent(finished.get(record), data -> new LinkedHashMap<>());
            record.results().orElseThrow().zeroShot().forEach(row -> rows.put(row.template(), row));
        }
        return new RunsTable(groups, zeroShot);
    }

    /**
     * Returns the table as Markdown.
     *
     * @return lines that each end with a line feed
     */
    public String markdown() {
        return table().markdown()
                + codes().map(line -> "\n" + TextTable.escaped(line) + "\n").orElse("");
    }

    /**
     * Returns the table as plain text, columns aligned by spaces.
     *
     * @return lines that each end with a line feed
     */
    public String text() {
        return table().text() + codes().map(line -> "\n" + line + "\n").orElse("");
    }

    /** Says which code computed the runs; nothing without runs. */
    private Optional<String> codes() {
        Map<CodeVersion, Integer> counts = new LinkedHashMap<>();
        groups.forEach(group ->
                group.bySeed().values().forEach(record -> counts.merge(CodeVersion.of(record), 1, Integer::sum)));
        if (counts.isEmpty()) {
            return Optional.empty();
        }
        boolean mixed = groups.stream().anyMatch(group -> group.codes().size() > 1);
        String more = counts.size() > CODES ? " and " + (counts.size() - CODES) + " others" : "";
        return Optional.of((mixed ? "* joins runs of different code. " : "")
                + counts.entrySet().stream()
                        .limit(CODES)
                        .map(entry -> entry.getValue() + (entry.getValue() == 1 ? " run" : " runs") + " of "
                                + entry.getKey().brief())
                        .collect(Collectors.joining("; "))
                + more);
    }

    private TextTable table() {
        return new TextTable(HEADER, rows(), TEXT_COLUMNS);
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        RunSetting.Data data = null;
        for (RunGroup group : groups) {
            if (!group.setting().data().equals(data)) {
                data = group.setting().data();
                zeroShotRows(data, rows);
            }
            rows.add(List.of(
                    group.setting().method(),
                    data.dataset(),
                    data.model(),
                    Long.toString(group.setting().number("way")),
                    Long.toString(group.setting().number("shot")),
                    group.bySeed().size() + (group.codes().size() > 1 ? "*" : ""),
                    Shown.interval(group.base()),
                    Shown.interval(group.newClasses()),
                    Shown.interval(group.harmonicMean()),
                    Shown.one(group.harmonicMeanOfMeans()),
                    group.differences(groups)));
        }
        return rows;
    }

    private void zeroShotRows(RunSetting.Data data, List<List<String>> rows) {
        zeroShot.get(data)
                .values()
                .forEach(row -> rows.add(List.of(
                        name(row),
                        data.dataset(),
                        data.model(),
                        "–",
                        "–",
                        "–",
                        Shown.one(row.base()),
                        Shown.one(row.newClasses()),
                        Shown.one(row.harmonicMean()),
                        Shown.one(row.harmonicMean()),
                        order(data))));
    }

    private static String order(RunSetting.Data data) {
        return data.testColorOrder().isEmpty() ? "" : "image.colorOrder=" + data.testColorOrder();
    }

    private static String name(Results.ZeroShot row) {
        return "zero-shot CLIP \"" + row.template() + "\"";
    }

    /**
     * Returns the table as comma-separated values with every digit; what is absent is empty.
     *
     * @return lines that each end with a line feed, the header first
     */
    public String csv() {
        StringBuilder csv = new StringBuilder(Csv.line(CSV_HEADER));
        zeroShot.forEach((data, rows) -> rows.values().forEach(row -> {
            String h = digits(row.harmonicMean());
            csv.append(Csv.line(List.of(
                    name(row),
                    data.dataset(),
                    data.model(),
                    "",
                    "",
                    order(data),
                    "",
                    Double.toString(row.base()),
                    "",
                    digits(row.newClasses()),
                    "",
                    h,
                    "",
                    h,
                    "")));
        }));
        groups.forEach(group -> csv.append(Csv.line(csvRow(group))));
        return csv.toString();
    }

    private List<String> csvRow(RunGroup group) {
        List<String> cells = new ArrayList<>();
        cells.add(group.setting().method());
        cells.add(group.setting().data().dataset());
        cells.add(group.setting().data().model());
        cells.add(Long.toString(group.setting().number("way")));
        cells.add(Long.toString(group.setting().number("shot")));
        cells.add(group.differences(groups));
        cells.add(Integer.toString(group.bySeed().size()));
        for (Optional<Summary> summary : List.of(group.base(), group.newClasses(), group.harmonicMean())) {
            cells.add(summary.map(s -> Double.toString(s.mean())).orElse(""));
            cells.add(summary.map(s -> digits(s.halfWidth())).orElse(""));
        }
        cells.add(digits(group.harmonicMeanOfMeans()));
        cells.add(group.codes().stream().map(CodeVersion::shown).collect(Collectors.joining(" | ")));
        return cells;
    }

    private static String digits(OptionalDouble value) {
        return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
    }
}
