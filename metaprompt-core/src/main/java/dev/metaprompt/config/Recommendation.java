package dev.metaprompt.config;

import java.util.ArrayList;
import java.util.List;

/**
 * What a model recommends: settings for all methods, and under {@code methods.<method>} those for one of them, which
 * are stronger.
 */
final class Recommendation {
    private static final String METHODS = "methods.";

    private Recommendation() {}

    /** Returns the settings that hold for a method, weakest first. */
    static List<Setting> forMethod(List<Setting> settings, String method) {
        List<Setting> result = new ArrayList<>();
        List<Setting> own = new ArrayList<>();
        for (Setting setting : settings) {
            if (!setting.key().startsWith(METHODS)) {
                result.add(setting);
                continue;
            }
            String named = Keys.METHODS.stream()
                    .filter(name -> setting.key().startsWith(METHODS + name + "."))
                    .findFirst()
                    .orElseThrow(() -> Messages.unknownKey(setting));
            String key = setting.key().substring((METHODS + named + ".").length());
            Setting plain = new Setting(key, setting.value(), setting.origin());
            if (Keys.find(key).isEmpty()) {
                throw Messages.unknownKey(plain);
            }
            if (named.equals(method)) {
                own.add(plain);
            }
        }
        result.addAll(own);
        return result;
    }
}
