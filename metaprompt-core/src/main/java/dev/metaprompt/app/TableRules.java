package dev.metaprompt.app;

import dev.metaprompt.config.EarlierVersions;
import dev.metaprompt.config.Key;
import dev.metaprompt.config.Keys;
import dev.metaprompt.config.MethodKeys;
import dev.metaprompt.run.KeyRules;
import dev.metaprompt.run.RunSetting;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Tells records' readers what the table of keys says. */
public final class TableRules implements KeyRules {
    private final Map<String, Map<String, Object>> defaults = new ConcurrentHashMap<>();

    /** For the service loader. */
    public TableRules() {}

    @Override
    public boolean reads(String method, String key) {
        return MethodKeys.reads(method, key);
    }

    @Override
    public Map<String, Object> defaults(String method) {
        return defaults.computeIfAbsent(method, TableRules::of);
    }

    @Override
    public Optional<Object> takenBefore(String key) {
        return EarlierVersions.taken(key);
    }

    private static Map<String, Object> of(String method) {
        Map<String, Object> found = new TreeMap<>();
        for (Key key : Keys.all()) {
            String name = key.name();
            if (key.group().goals().contains("train") && MethodKeys.reads(method, name)) {
                MethodKeys.defaultOf(method, name)
                        .filter(value -> RunSetting.decides(name, value))
                        .ifPresent(value -> found.put(name, value));
            }
        }
        return found;
    }
}
