package dev.metaprompt.gate;

import dev.metaprompt.ModelReading;
import dev.metaprompt.gate.Baseline.Entry;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.run.SeedRuns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds a configuration in a baseline, and says by name what differs where it is not there. */
final class BaselineMatch {
    private static final int SHOWN = 5;
    private static final String READING =
            "what is read from the model's configuration and preprocessing files (SHA-256)";

    private BaselineMatch() {}

    /** Finds the setting itself, or the only one that may be it: files of older versions do not say what images hold. */
    static Optional<Entry> find(Baseline baseline, RunSetting setting) {
        List<Entry> agreeing = baseline.entries().stream()
                .filter(entry -> entry.setting().agreesWith(setting))
                .toList();
        return agreeing.stream()
                .filter(entry -> entry.setting().equals(setting) || agreeing.size() == 1)
                .findFirst();
    }

    /** Returns why there is nothing to compare with: what the most similar configuration there has otherwise. */
    static String refusal(Baseline baseline, String name, SeedRuns runs) {
        RunSetting setting = runs.setting();
        return baseline.entries().stream()
                        .map(Entry::setting)
                        .filter(other -> other.method().equals(setting.method()))
                        .min(Comparator.comparingInt(
                                other -> differences(setting, other).size()))
                        .map(nearest -> "the baseline " + name + " was not made with this: " + listed(setting, nearest)
                                + older(runs, nearest))
                        .orElseGet(() -> "the baseline " + name + " has no configuration of method "
                                + Quoted.of(setting.method()))
                + ". Train what it holds, or accept these runs with -Dmetaprompt.check.update; check.runs chooses runs";
    }

    private static String older(SeedRuns runs, RunSetting nearest) {
        boolean same = runs.bySeed().values().stream()
                .flatMap(run -> run.record().dataset().olderSha256().stream())
                .anyMatch(nearest.data().split()::equals);
        return same
                ? " (it was made by a version that left out WebP files and images in subfolders of class folders, which"
                        + " count now)"
                : "";
    }

    private static String listed(RunSetting setting, RunSetting nearest) {
        List<String> differences = differences(setting, nearest);
        String more = differences.size() > SHOWN ? " and " + (differences.size() - SHOWN) + " more" : "";
        return String.join(", ", differences.subList(0, Math.min(SHOWN, differences.size()))) + more;
    }

    private static List<String> differences(RunSetting here, RunSetting there) {
        List<String> found = new ArrayList<>();
        RunSetting.Data h = here.data();
        RunSetting.Data t = there.data();
        add(found, "dataset", h.dataset(), t.dataset());
        add(found, "split (SHA-256)", h.split(), t.split());
        add(found, "content of test images (SHA-256)", known(h), known(t));
        add(found, "generator seed", h.generatorSeed(), t.generatorSeed());
        add(found, "base classes", h.base(), t.base());
        add(found, "new classes", h.newClasses(), t.newClasses());
        add(found, "model", h.model(), t.model());
        add(found, "weights (SHA-256)", h.weights(), t.weights());
        if (!ModelReading.agree(h.reading(), t.reading())) {
            add(found, READING, ModelReading.shown(h.reading()), ModelReading.shown(t.reading()));
        }
        here.differingKeys(there).forEach(key -> add(found, Quoted.of(key), here.shown(key), there.shown(key)));
        return found;
    }

    private static String known(RunSetting.Data data) {
        return data.testContent().isEmpty() ? "unknown" : data.testContent();
    }

    private static void add(List<String> found, String what, Object here, Object there) {
        if (!here.equals(there)) {
            found.add(what + " is " + brief(here) + " here and " + brief(there) + " there");
        }
    }

    private static String brief(Object value) {
        if (value instanceof List<?> classes) {
            return classes.size() + " names";
        }
        String text = value.toString();
        return Quoted.of(text.length() > 24 ? text.substring(0, 12) + "…" : text);
    }
}
