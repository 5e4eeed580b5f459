package dev.metaprompt.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Writes {@code run.json}: fields in the order of the format's page, absent ones left out. */
final class RunJson {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private RunJson() {}

    static String write(RunRecord record) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", RunRecord.SCHEMA);
        json.addProperty("id", record.id());
        json.addProperty("status", record.status().word());
        json.addProperty("started", record.started().toString());
        record.finished().ifPresent(time -> json.addProperty("finished", time.toString()));
        json.addProperty("method", record.method());
        json.add("model", model(record.model()));
        json.add("dataset", dataset(record.dataset()));
        json.add("config", config(record.config()));
        json.add("origins", texts(record.origins()));
        json.add("environment", environment(record.environment()));
        json.add("timings", numbers(record.timings()));
        record.results().ifPresent(results -> json.add("results", results(results)));
        record.error().ifPresent(error -> json.addProperty("error", error));
        if (!record.warnings().isEmpty()) {
            json.add("warnings", array(record.warnings()));
        }
        return GSON.toJson(json) + "\n";
    }

    private static JsonObject model(RunRecord.Model model) {
        JsonObject json = new JsonObject();
        json.addProperty("name", model.name());
        json.addProperty("path", model.path());
        json.addProperty("sha256", model.sha256());
        model.tokenizerSha256().ifPresent(digest -> json.addProperty("tokenizerSha256", digest));
        model.reading().ifPresent(reading -> json.addProperty("reading", reading));
        return json;
    }

    private static JsonObject dataset(RunRecord.DatasetInfo dataset) {
        JsonObject json = new JsonObject();
        json.addProperty("name", dataset.name());
        json.addProperty("path", dataset.path());
        json.addProperty("split", dataset.split());
        json.addProperty("sha256", dataset.sha256());
        dataset.olderSha256().ifPresent(digest -> json.addProperty("olderSha256", digest));
        dataset.drawSha256().ifPresent(digest -> json.addProperty("drawSha256", digest));
        dataset.content().ifPresent(content -> {
            json.addProperty("contentSha256", content.all());
            json.addProperty("testContentSha256", content.test());
            content.testColorOrder().ifPresent(order -> json.addProperty("testColorOrder", order));
        });
        json.add("base", array(dataset.base()));
        json.add("new", array(dataset.newClasses()));
        JsonObject shots = new JsonObject();
        dataset.shots().forEach((name, images) -> shots.add(name, array(images)));
        json.add("shots", shots);
        return json;
    }

    private static JsonObject config(Map<String, Object> config) {
        JsonObject json = new JsonObject();
        config.forEach((key, value) -> json.add(key, primitive(value)));
        return json;
    }

    private static JsonPrimitive primitive(Object value) {
        if (value instanceof Boolean flag) {
            return new JsonPrimitive(flag);
        }
        return value instanceof Number number ? new JsonPrimitive(number) : new JsonPrimitive((String) value);
    }

    private static JsonObject environment(RunRecord.Environment environment) {
        JsonObject json = new JsonObject();
        json.addProperty("project", environment.project());
        json.addProperty("djl", environment.djl());
        json.addProperty("engine", environment.engine());
        json.addProperty("java", environment.java());
        json.addProperty("os", environment.os());
        json.addProperty("device", environment.device());
        json.addProperty("threads", environment.threads());
        environment.gitCommit().ifPresent(commit -> json.addProperty("gitCommit", commit));
        return json;
    }

    private static JsonObject results(Results results) {
        JsonObject json = new JsonObject();
        json.addProperty("base", results.base());
        add(json, "new", results.newClasses());
        add(json, "harmonicMean", results.harmonicMean());
        add(json, "macroBase", results.macroBase());
        add(json, "macroNew", results.macroNew());
        add(json, "multimodalBase", results.multimodalBase());
        add(json, "multimodalNew", results.multimodalNew());
        add(json, "gap", results.gap());
        results.episodes().ifPresent(episodes -> json.add("episodes", episodes(episodes)));
        results.selectedEpoch().ifPresent(epoch -> json.addProperty("selectedEpoch", epoch));
        json.add("perClass", numbers(results.perClass()));
        JsonArray zeroShot = new JsonArray();
        results.zeroShot().forEach(row -> zeroShot.add(zeroShot(row)));
        json.add("zeroShot", zeroShot);
        return json;
    }

    private static JsonObject episodes(Results.Episodes episodes) {
        JsonObject json = new JsonObject();
        json.addProperty("count", episodes.count());
        json.addProperty("mean", episodes.mean());
        json.addProperty("halfWidth", episodes.halfWidth());
        return json;
    }

    private static JsonObject zeroShot(Results.ZeroShot row) {
        JsonObject json = new JsonObject();
        json.addProperty("template", row.template());
        json.addProperty("base", row.base());
        add(json, "new", row.newClasses());
        add(json, "harmonicMean", row.harmonicMean());
        json.add("perClass", numbers(row.perClass()));
        return json;
    }

    private static void add(JsonObject json, String name, OptionalDouble value) {
        value.ifPresent(number -> json.addProperty(name, number));
    }

    private static JsonArray array(List<String> texts) {
        JsonArray json = new JsonArray();
        texts.forEach(json::add);
        return json;
    }

    private static JsonObject texts(Map<String, String> map) {
        JsonObject json = new JsonObject();
        map.forEach(json::addProperty);
        return json;
    }

    private static JsonObject numbers(Map<String, Double> map) {
        JsonObject json = new JsonObject();
        map.forEach((key, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(key + " is " + value + ", which JSON cannot hold");
            }
            json.addProperty(key, value);
        });
        return json;
    }
}
