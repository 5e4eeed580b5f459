package dev.metaprompt.clip;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The keys of a JSON object that somebody has looked at. A key that nobody knows may make another model, and is refused
 * by name: a library that does not know it either passes over it, but a newer one may not.
 *
 * @param used read, and judged where they are read
 * @param free change no feature, whatever they hold
 * @param fixed change no feature with one of these values, as JSON writes them
 */
record KnownKeys(Set<String> used, Set<String> free, Map<String, Set<String>> fixed) {
    private static final Set<String> NOTHING = Set.of("null", "{}", "[]");

    KnownKeys with(Set<String> moreUsed, Set<String> moreFree, Map<String, Set<String>> moreFixed) {
        Map<String, Set<String>> both = new HashMap<>(fixed);
        both.putAll(moreFixed);
        return new KnownKeys(union(used, moreUsed), union(free, moreFree), both);
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }

    /**
     * Refuses what is not known.
     *
     * @param where the file, and the place in it
     * @param json the object
     * @throws InvalidInputException with the first key that is not known
     */
    void require(String where, JsonObject json) {
        json.entrySet().stream()
                .filter(entry -> !isKnown(entry.getKey(), entry.getValue()))
                .findFirst()
                .ifPresent(entry -> {
                    throw refusal(where, entry.getKey(), entry.getValue());
                });
    }

    private boolean isKnown(String key, JsonElement value) {
        if (used.contains(key) || free.contains(key)) {
            return true;
        }
        String text = value.toString();
        return NOTHING.contains(text) || fixed.getOrDefault(key, Set.of()).contains(text);
    }

    private InvalidInputException refusal(String where, String key, JsonElement value) {
        Set<String> allowed = fixed.getOrDefault(key, Set.of());
        String rule = allowed.isEmpty()
                ? "a key that is not known and may make another model; allowed are those of CLIP's own files"
                : "which makes another model than CLIP; allowed is "
                        + String.join(" or ", allowed.stream().sorted().toList());
        return new InvalidInputException(where + ": " + Quoted.of(key) + " is " + Quoted.of(value.toString()) + ", "
                + rule + ". Use a model without it, or take the key out if you know that it changes no feature.");
    }
}
