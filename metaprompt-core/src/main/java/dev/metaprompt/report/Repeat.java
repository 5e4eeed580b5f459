package dev.metaprompt.report;

import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.RunRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What is needed to repeat runs: commands, configuration, digests and versions. */
final class Repeat {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/:,+=@-]+");

    private Repeat() {}

    /** Returns the command that trains as a run did: every key that was set, not those that came by themselves. */
    static String train(RunRecord record) {
        StringBuilder command = new StringBuilder("mvn metaprompt:train");
        record.config().forEach((key, value) -> {
            String origin = record.origins().getOrDefault(key, "default");
            if (origin.equals("-o")) {
                command.append(" -o");
            } else if (isSet(origin)) {
                String property = origin.startsWith("-D") ? origin : "-Dmetaprompt." + key;
                command.append(' ').append(quoted(property + "=" + value));
            }
        });
        return command.toString();
    }

    private static boolean isSet(String origin) {
        return !origin.equals("default")
                && !origin.equals("method default")
                && !origin.equals("automatic")
                && !origin.startsWith("model recommendation");
    }

    /** Quotes for a POSIX shell. */
    private static String quoted(String argument) {
        return PLAIN.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    static String replay(RunRecord record) {
        return "mvn metaprompt:replay " + quoted("-Dmetaprompt.run=" + record.id());
    }

    /** Returns the version of this project that computed a run. */
    static String version(RunRecord record) {
        return CodeVersion.of(record).shown();
    }

    /** Returns what each run ran on, by its meaning, one value for each that occurs. */
    static List<List<String>> environment(List<RunRecord> records) {
        List<List<String>> rows = new ArrayList<>();
        add(rows, "project", records, Repeat::version);
        add(
                rows,
                "DJL and engine",
                records,
                r -> r.environment().djl() + ", " + r.environment().engine());
        add(
                rows,
                "Java and system",
                records,
                r -> r.environment().java() + ", " + r.environment().os());
        add(
                rows,
                "device",
                records,
                r -> r.environment().device() + ", "
                        + r.environment().threads()
                        + (r.environment().threads() == 1 ? " thread" : " threads"));
        add(
                rows,
                "model",
                records,
                r -> r.model().name() + ", " + r.model().path() + ", sha256 "
                        + r.model().sha256());
        add(
                rows,
                "data and split",
                records,
                r -> (r.dataset().split().isEmpty() ? "" : r.dataset().split() + " of ")
                        + r.dataset().path() + ", sha256 "
                        + r.dataset().sha256());
        return rows;
    }

    private static void add(
            List<List<String>> rows, String name, List<RunRecord> records, Function<RunRecord, String> value) {
        TreeMap<String, Integer> counts = new TreeMap<>();
        records.forEach(record -> counts.merge(value.apply(record), 1, Integer::sum));
        counts.forEach((text, count) -> rows.add(
                List.of(name, text + (counts.size() == 1 ? "" : " (" + count + " of " + records.size() + " runs)"))));
    }

    /** Returns key, value and origin for every key that has one value in all records, and else how it varies. */
    static List<List<String>> config(List<RunRecord> records) {
        TreeSet<String> keys = new TreeSet<>();
        records.forEach(record -> keys.addAll(record.config().keySet()));
        List<List<String>> rows = new ArrayList<>();
        for (String key : keys) {
            rows.add(List.of(
                    key,
                    joined(records, r -> shown(r.config(), key)),
                    joined(records, r -> r.origins().getOrDefault(key, "–"))));
        }
        return rows;
    }

    private static String shown(Map<String, Object> config, String key) {
        Object value = config.get(key);
        return value == null ? "unset" : value.toString();
    }

    private static String joined(List<RunRecord> records, Function<RunRecord, String> value) {
        TreeSet<String> values = new TreeSet<>();
        records.forEach(record -> values.add(value.apply(record)));
        return values.size() <= 8 ? String.join(" | ", values) : values.size() + " values";
    }
}
