package dev.metaprompt.gate;

import dev.metaprompt.ModelReading;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunSetting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Short names of configurations: way and shot, and only as much more as it takes to tell them apart. */
final class Labels {
    private static final String DEFAULT_METHOD = "metaprompt";

    private Labels() {}

    /** Returns a name for each of the configurations, no two the same. */
    static Map<RunSetting, String> of(Collection<RunSetting> settings) {
        Set<RunSetting> all = new LinkedHashSet<>(settings);
        boolean methods = distinct(all, RunSetting::method) > 1
                || all.stream().anyMatch(s -> !s.method().equals(DEFAULT_METHOD));
        boolean datasets = distinct(all, s -> s.data().dataset()) > 1;
        boolean models = distinct(all, s -> s.data().model()) > 1;
        boolean digests = distinct(all, s -> s.data().inAnyOrder())
                > distinct(all, s -> List.of(s.data().dataset(), s.data().model()));
        boolean contents = distinct(all, s -> s.data().testContent()) > 1;
        boolean readings = distinct(all, s -> ModelReading.digest(s.data().reading())) > 1;
        Map<RunSetting, String> labels = new LinkedHashMap<>();
        for (RunSetting setting : all) {
            RunSetting.Data data = setting.data();
            List<String> parts = new ArrayList<>();
            add(parts, methods, Quoted.of(setting.method()));
            add(parts, datasets, Quoted.of(data.dataset()));
            add(parts, models, Quoted.of(data.model()));
            parts.add(setting.number("way") + "-way " + setting.number("shot") + "-shot");
            add(
                    parts,
                    digests,
                    "(data " + start(data.split()) + ", weights " + start(data.weights())
                            + (contents ? ", images " + content(data) : "")
                            + (readings ? ", model files " + ModelReading.shown(data.reading()) : "") + ")");
            setting.differingKeys(all).forEach(key -> parts.add(Quoted.of(key) + "=" + Quoted.of(setting.shown(key))));
            labels.put(setting, unused(String.join(" ", parts), labels.values()));
        }
        return labels;
    }

    /** What differs may be behind the characters that are shown. */
    private static String unused(String label, Collection<String> used) {
        String free = label;
        for (int i = 2; used.contains(free); i++) {
            free = label + " (" + i + ")";
        }
        return free;
    }

    private static long distinct(Set<RunSetting> all, Function<RunSetting, Object> part) {
        return all.stream().map(part).distinct().count();
    }

    private static void add(List<String> parts, boolean wanted, String part) {
        if (wanted) {
            parts.add(part);
        }
    }

    private static String content(RunSetting.Data data) {
        return data.testContent().isEmpty() ? "unknown" : start(data.testContent());
    }

    private static String start(String digest) {
        return digest.substring(0, Math.min(8, digest.length()));
    }
}
