package dev.metaprompt.config;

import dev.metaprompt.config.Configuration.Chosen;
import java.util.Set;

/** Which options may differ between the start of a run and its continuation. */
final class ResumeKeys {
    /** Where things are, not what is computed. */
    private static final Set<String> PLACES = Set.of("run", "runs", "cache", "config");

    private ResumeKeys() {}

    static boolean mayDiffer(String key) {
        return PLACES.contains(key) || !Keys.get(key).group().goals().contains("train");
    }

    /**
     * Compares a given value with the recorded one. {@code auto} agrees with whatever was chosen then.
     *
     * @throws dev.metaprompt.InvalidInputException if they contradict each other
     */
    static void requireSame(String key, Chosen given, Chosen recorded, String run) {
        boolean same = recorded != null
                && (given.value().equals(recorded.value()) || given.value().equals("auto"));
        if (!same) {
            Setting setting = new Setting(key, given.value().toString(), given.origin());
            throw Messages.contradiction(setting, recorded == null ? "none" : Messages.shown(recorded.value()), run);
        }
    }
}
