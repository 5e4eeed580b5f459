package dev.metaprompt.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which keys a method reads, and what a key is where nobody says it. A key that is not read changes nothing that is
 * computed, so it makes no run another setting's and no cell another cell.
 */
public final class MethodKeys {
    private static final String CLIP = "clip";

    /** The methods that learn a prompt. */
    private static final Set<String> PROMPTED = Set.of("metaprompt", "coop");

    private static final List<String> OF_TASKS = List.of("way", "shot", "evaluate.episodes", "preset");
    private static final List<String> OF_PROMPTS = List.of("prompt.length", "prompt.init");
    private static final List<String> OF_STEPS = List.of("train.batch");

    private MethodKeys() {}

    /**
     * Tells whether a method reads a key.
     *
     * @param method a method; one that is not known reads all
     * @param key a key; one that is not known is read
     * @return whether its value can change a result
     */
    public static boolean reads(String method, String key) {
        if (!Keys.METHODS.contains(method)) {
            return true;
        }
        return Keys.find(key).map(known -> reads(method, known)).orElse(true);
    }

    private static boolean reads(String method, Key key) {
        boolean ofTasks = OF_TASKS.contains(key.name())
                || key.group() == Group.EPISODE
                || key.group() == Group.LOSS
                || key.group() == Group.PROTOTYPE;
        if (ofTasks) {
            return Keys.EPISODIC_METHODS.contains(method);
        }
        if (OF_PROMPTS.contains(key.name())) {
            return PROMPTED.contains(method);
        }
        if (OF_STEPS.contains(key.name())) {
            return !method.equals(CLIP) && !Keys.EPISODIC_METHODS.contains(method);
        }
        boolean ofTraining = key.group() == Group.TRAIN || key.group() == Group.AUGMENT;
        return !ofTraining || !method.equals(CLIP);
    }

    /**
     * Returns the value that a key has where nobody says it.
     *
     * @param method the run's method
     * @param key a key
     * @return nothing if it is unset then, or no key
     */
    public static Optional<Object> defaultOf(String method, String key) {
        return Optional.ofNullable(BuiltInSettings.methodDefaults(method).get(key))
                .or(() -> Keys.find(key).flatMap(Key::defaultValue));
    }
}
