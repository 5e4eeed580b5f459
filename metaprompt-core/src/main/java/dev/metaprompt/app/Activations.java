package dev.metaprompt.app;

import dev.metaprompt.Progress;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.EarlierVersions;
import dev.metaprompt.io.Quoted;
import java.util.Optional;

/** Who says a model's activation: its files, the user, a plan; or, of what earlier versions began, nobody. */
final class Activations {
    /** The key. */
    static final String KEY = "model.activation";

    /** What is meant by work that does not say it, of a model whose files do not say it either. */
    static final String USUAL = EarlierVersions.taken(KEY).orElseThrow().toString();

    /** Where its value comes from in a plan, if it is the model's files that say it there. */
    static final String OF_MODEL = "model of the experiment";

    /** Where its value comes from, if a plan does not say it. */
    private static final String PLAN = "plan without the key";

    private Activations() {}

    /** Returns the model with what the configuration says of it; what is taken for granted is told. */
    static ModelFolder with(Configuration config, ModelFolder folder, Progress progress) {
        if (isSoft(config) && folder.tellsActivation()) {
            return folder;
        }
        if (isTaken(config)) {
            progress.phase("warning: model " + Quoted.of(folder.name()) + ": nothing says its activation ("
                    + config.origin(KEY) + "): assumed is " + config.text(KEY) + ", which earlier versions took");
        }
        return folder.withActivation(config.optional(KEY));
    }

    /** Returns the configuration of what a plan asks for that does not say it. */
    static Configuration ofPlan(Configuration config) {
        return config.value(KEY).isPresent() ? config : config.with(KEY, USUAL, PLAN);
    }

    /** Returns the configuration without what nobody said and the model's files say. */
    static Configuration settled(Configuration config, ModelFolder folder) {
        return isSoft(config) && folder.tellsActivation() ? config.without(KEY) : config;
    }

    /** Returns what a plan is to say of a model whose files say it, so that other files of it are held to it. */
    static Optional<String> toSay(Configuration config, Optional<String> ofModel) {
        return ofModel.filter(found -> config.value(KEY).isEmpty() && !found.equals(USUAL));
    }

    /** Tells whether it is what earlier versions took. */
    static boolean isTaken(Configuration config) {
        String origin = config.origin(KEY);
        return origin.equals(PLAN) || origin.startsWith(EarlierVersions.RECORD);
    }

    // The model's own files know better.
    private static boolean isSoft(Configuration config) {
        return isTaken(config) || config.origin(KEY).equals(OF_MODEL);
    }
}
