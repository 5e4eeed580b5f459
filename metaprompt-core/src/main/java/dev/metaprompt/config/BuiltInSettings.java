package dev.metaprompt.config;

import java.util.Map;

/** The values that a method or a preset gives keys in place of their defaults. */
final class BuiltInSettings {
    private static final Map<String, Map<String, Object>> METHOD_DEFAULTS = Map.of(
            "coop", Map.of("train.epochs", 200L, "train.iterations", "auto"),
            "linear-probe", Map.of("train.iterations", "auto"));

    private static final Map<String, Map<String, Object>> PRESETS = Map.of(
            "literal", Map.of("mlp.residual", false, "crossAttention.init", "xavier", "crossAttention.input", "raw"));

    private BuiltInSettings() {}

    /** Returns a method's own defaults by key; empty for most methods. */
    static Map<String, Object> methodDefaults(String method) {
        return METHOD_DEFAULTS.getOrDefault(method, Map.of());
    }

    /** Returns a preset's values by key. */
    static Map<String, Object> preset(String name) {
        return PRESETS.get(name);
    }
}
