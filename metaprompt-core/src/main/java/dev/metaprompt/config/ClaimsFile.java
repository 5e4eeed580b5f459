package dev.metaprompt.config;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Claim;
import dev.metaprompt.experiment.Figure;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads claims about experiments from YAML: a list {@code claims} of maps. */
public final class ClaimsFile {
    private static final String BUILT_IN = "claims.yaml";
    private static final List<String> REQUIRED =
            List.of("id", "sentence", "source", "experiment", "first", "second", "figure", "expect");
    private static final List<String> OPTIONAL = List.of("secondFigure", "margin");

    private static final long LARGEST = 1 << 20;

    private ClaimsFile() {}

    /**
     * Reads a file.
     *
     * @param file a YAML file
     * @param label how the user knows it; begins every origin
     * @return its claims
     * @throws InvalidInputException if it is missing, not well formed, or says what is not allowed
     */
    public static List<Claim> read(Path file, String label) {
        try {
            Path folder = file.toAbsolutePath().normalize().getParent();
            Path real = Inside.resolveReal(folder, file.getFileName().toString());
            return read(UserText.read(real, LARGEST), label);
        } catch (IOException e) {
            throw Messages.file(label, "cannot be read (" + Quoted.reason(e) + ")", "Name an existing file");
        }
    }

    /**
     * Reads the claims that come with this version: the paper's.
     *
     * @return the claims of {@code experiments/claims.yaml}
     */
    public static List<Claim> builtIn() {
        try {
            return read(BuiltInMatrices.read(BUILT_IN), BUILT_IN);
        } catch (IOException e) {
            throw new IllegalStateException(BUILT_IN, e);
        }
    }

    private static List<Claim> read(String text, String label) {
        YamlNodes.Item root = YamlNodes.read(text, label);
        YamlNodes.Item list = root.map().get("claims");
        if (list == null || list.list() == null || root.map().size() > 1) {
            throw Messages.file(label, "is no list of claims", "Write claims: and below it a list of maps");
        }
        List<Claim> claims = new ArrayList<>();
        Set<String> ids = new LinkedHashSet<>();
        for (YamlNodes.Item item : list.list()) {
            Claim claim = claim(item);
            if (!ids.add(claim.id())) {
                throw item.wrong("id", "is " + Messages.shown(claim.id()) + " twice", "a different id for each claim");
            }
            claims.add(claim);
        }
        return claims;
    }

    private static Claim claim(YamlNodes.Item item) {
        if (item.map() == null) {
            throw item.wrong("claims", item.kind(), "a list of maps");
        }
        item.map().forEach((key, value) -> {
            if (!REQUIRED.contains(key) && !OPTIONAL.contains(key)) {
                throw value.wrong(key, "is unknown", String.join(", ", REQUIRED) + ", " + String.join(", ", OPTIONAL));
            }
        });
        Figure figure = figure(item, "figure");
        return new Claim(
                text(item, "id"),
                text(item, "sentence"),
                text(item, "source"),
                text(item, "experiment"),
                labels(item, "first"),
                labels(item, "second"),
                figure,
                item.map().containsKey("secondFigure") ? figure(item, "secondFigure") : figure,
                relation(item),
                margin(item),
                item.origin());
    }

    private static YamlNodes.Item required(YamlNodes.Item item, String key) {
        YamlNodes.Item value = item.map().get(key);
        if (value == null) {
            throw item.wrong(key, "is missing", "a claim has " + String.join(", ", REQUIRED));
        }
        return value;
    }

    private static String text(YamlNodes.Item item, String key) {
        YamlNodes.Item value = required(item, key);
        if (value.text() == null || value.text().isBlank()) {
            throw value.wrong(key, value.kind(), "a text");
        }
        return value.text().strip();
    }

    private static Map<String, String> labels(YamlNodes.Item item, String key) {
        YamlNodes.Item value = required(item, key);
        if (value.map() == null || value.map().isEmpty()) {
            throw value.wrong(key, value.kind(), "a map from axes to labels");
        }
        Map<String, String> labels = new LinkedHashMap<>();
        value.map().keySet().forEach(axis -> labels.put(axis, text(value, axis)));
        return labels;
    }

    private static Figure figure(YamlNodes.Item item, String key) {
        String word = text(item, key);
        return Figure.of(word)
                .orElseThrow(() -> required(item, key)
                        .wrong(
                                key,
                                "is " + Messages.shown(word),
                                String.join(
                                        ", ",
                                        Arrays.stream(Figure.values())
                                                .map(Figure::word)
                                                .toList())));
    }

    private static Claim.Relation relation(YamlNodes.Item item) {
        String word = text(item, "expect");
        return Arrays.stream(Claim.Relation.values())
                .filter(relation -> relation.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() ->
                        required(item, "expect").wrong("expect", "is " + Messages.shown(word), "greater, less, close"));
    }

    private static double margin(YamlNodes.Item item) {
        if (!item.map().containsKey("margin")) {
            return 0;
        }
        String text = text(item, "margin");
        try {
            double margin = Double.parseDouble(text);
            if (margin >= 0 && margin <= 100) {
                return margin;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw required(item, "margin").wrong("margin", "is " + Messages.shown(text), "points, 0 to 100");
    }
}
