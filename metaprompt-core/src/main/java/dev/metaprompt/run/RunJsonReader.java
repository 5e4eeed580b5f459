package dev.metaprompt.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/** Reads {@code run.json}. Fields it does not know are left alone, so that later versions may add some. */
final class RunJsonReader {
    private RunJsonReader() {}

    /**
     * Reads a record.
     *
     * @throws InvalidInputException if the file is missing, no record, or of a newer schema
     */
    static RunRecord read(Path file) {
        try {
            JsonObject json = JsonParser.parseString(Texts.read(file)).getAsJsonObject();
            int schema = member(json, "schema").getAsInt();
            if (schema != RunRecord.SCHEMA) {
                throw damaged(file, "schema " + schema + " instead of " + RunRecord.SCHEMA, null);
            }
            return record(json);
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | UnsupportedOperationException
                | DateTimeException e) {
            throw damaged(file, Quoted.reason(e), e);
        }
    }

    private static InvalidInputException damaged(Path file, String found, RuntimeException cause) {
        return new InvalidInputException(
                file + ": is no run record of this version (" + found + "). Use another run, or train a new one.",
                cause);
    }

    private static RunRecord record(JsonObject json) {
        String status = text(json, "status");
        return new RunRecord(
                text(json, "id"),
                RunStatus.of(status).orElseThrow(() -> new IllegalArgumentException("unknown status " + status)),
                Instant.parse(text(json, "started")),
                optional(json, "finished").map(time -> Instant.parse(time.getAsString())),
                text(json, "method"),
                model(object(json, "model")),
                dataset(object(json, "dataset")),
                map(json, "config", RunJsonReader::configValue),
                map(json, "origins", JsonElement::getAsString),
                environment(object(json, "environment")),
                map(json, "timings", RunJsonReader::finite),
                optional(json, "results").map(results -> results(results.getAsJsonObject())),
                optional(json, "error").map(JsonElement::getAsString),
                optional(json, "warnings").map(RunJsonReader::texts).orElse(List.of()));
    }

    private static RunRecord.Model model(JsonObject json) {
        return new RunRecord.Model(
                text(json, "name"),
                text(json, "path"),
                text(json, "sha256"),
                optional(json, "tokenizerSha256").map(JsonElement::getAsString),
                optional(json, "reading").map(JsonElement::getAsString));
    }

    private static RunRecord.DatasetInfo dataset(JsonObject json) {
        return new RunRecord.DatasetInfo(
                text(json, "name"),
                text(json, "path"),
                json.has("split") ? text(json, "split") : "",
                text(json, "sha256"),
                texts(member(json, "base")),
                texts(member(json, "new")),
                map(json, "shots", RunJsonReader::texts),
                optional(json, "contentSha256")
                        .map(all -> new RunRecord.Content(
                                all.getAsString(),
                                text(json, "testContentSha256"),
                                optional(json, "testColorOrder").map(JsonElement::getAsString))),
                optional(json, "olderSha256").map(JsonElement::getAsString),
                optional(json, "drawSha256").map(JsonElement::getAsString));
    }

    /** A whole number stays a whole number: 5 is a Long, 5.0 and 1e3 are Doubles. */
    private static Object configValue(JsonElement element) {
        JsonPrimitive value = element.getAsJsonPrimitive();
        if (value.isBoolean()) {
            return value.getAsBoolean();
        }
        if (value.isString()) {
            return value.getAsString();
        }
        String digits = value.getAsString();
        boolean whole = digits.matches("-?\\d+");
        return whole ? (Object) Long.parseLong(digits) : (Object) finite(value);
    }

    private static RunRecord.Environment environment(JsonObject json) {
        return new RunRecord.Environment(
                text(json, "project"),
                text(json, "djl"),
                text(json, "engine"),
                text(json, "java"),
                text(json, "os"),
                text(json, "device"),
                member(json, "threads").getAsInt(),
                optional(json, "gitCommit").map(JsonElement::getAsString));
    }

    private static Results results(JsonObject json) {
        return new Results(
                finite(member(json, "base")),
                number(json, "new"),
                number(json, "harmonicMean"),
                number(json, "macroBase"),
                number(json, "macroNew"),
                number(json, "multimodalBase"),
                number(json, "multimodalNew"),
                number(json, "gap"),
                optional(json, "episodes").map(episodes -> episodes(episodes.getAsJsonObject())),
                optional(json, "selectedEpoch")
                        .map(epoch -> OptionalInt.of(epoch.getAsInt()))
                        .orElse(OptionalInt.empty()),
                map(json, "perClass", RunJsonReader::finite),
                member(json, "zeroShot").getAsJsonArray().asList().stream()
                        .map(row -> zeroShot(row.getAsJsonObject()))
                        .toList());
    }

    private static Results.Episodes episodes(JsonObject json) {
        return new Results.Episodes(
                member(json, "count").getAsInt(), finite(member(json, "mean")), finite(member(json, "halfWidth")));
    }

    private static Results.ZeroShot zeroShot(JsonObject json) {
        return new Results.ZeroShot(
                text(json, "template"),
                finite(member(json, "base")),
                number(json, "new"),
                number(json, "harmonicMean"),
                map(json, "perClass", RunJsonReader::finite));
    }

    /** JSON writes numbers of any size, and texts that Java takes for no number at all. */
    private static double finite(JsonElement element) {
        double value = element.getAsDouble();
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a number that is not finite: " + Quoted.of(element));
        }
        return value;
    }

    private static JsonElement member(JsonObject json, String name) {
        return optional(json, name).orElseThrow(() -> new IllegalArgumentException("no field " + name));
    }

    private static Optional<JsonElement> optional(JsonObject json, String name) {
        return Optional.ofNullable(json.get(name)).filter(element -> !element.isJsonNull());
    }

    private static JsonObject object(JsonObject json, String name) {
        return member(json, name).getAsJsonObject();
    }

    private static String text(JsonObject json, String name) {
        return member(json, name).getAsString();
    }

    private static OptionalDouble number(JsonObject json, String name) {
        return optional(json, name)
                .map(element -> OptionalDouble.of(finite(element)))
                .orElse(OptionalDouble.empty());
    }

    private static List<String> texts(JsonElement array) {
        return array.getAsJsonArray().asList().stream()
                .map(JsonElement::getAsString)
                .toList();
    }

    private static <V> Map<String, V> map(JsonObject json, String name, Function<JsonElement, V> value) {
        Map<String, V> map = new LinkedHashMap<>();
        object(json, name).entrySet().forEach(entry -> map.put(entry.getKey(), value.apply(entry.getValue())));
        return map;
    }
}
