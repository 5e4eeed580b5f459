package dev.metaprompt.gate;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.metaprompt.run.RunSetting;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A configuration in the gate's files. */
final class SettingJson {
    /** Part of the data, too; it stands among the keys alone. */
    private static final String COLOR_ORDER = "image.colorOrder";

    private SettingJson() {}

    static JsonObject write(RunSetting setting) {
        RunSetting.Data data = setting.data();
        JsonObject dataset = new JsonObject();
        dataset.addProperty("name", data.dataset());
        dataset.addProperty("sha256", data.split());
        if (!data.testContent().isEmpty()) {
            dataset.addProperty("testContentSha256", data.testContent());
        }
        dataset.add("seed", primitive(data.generatorSeed()));
        dataset.add("base", array(data.base()));
        dataset.add("new", array(data.newClasses()));
        JsonObject model = new JsonObject();
        model.addProperty("name", data.model());
        model.addProperty("sha256", data.weights());
        if (!data.reading().isEmpty()) {
            model.addProperty("reading", data.reading());
        }
        JsonObject config = new JsonObject();
        setting.config().forEach((key, value) -> config.add(key, primitive(value)));
        JsonObject json = new JsonObject();
        json.addProperty("method", setting.method());
        json.add("dataset", dataset);
        json.add("model", model);
        json.add("config", config);
        return json;
    }

    private static JsonPrimitive primitive(Object value) {
        if (value instanceof Boolean flag) {
            return new JsonPrimitive(flag);
        }
        return value instanceof Number number ? new JsonPrimitive(number) : new JsonPrimitive((String) value);
    }

    private static JsonArray array(List<String> texts) {
        JsonArray json = new JsonArray();
        texts.forEach(json::add);
        return json;
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws RuntimeException of Gson's or Java's if it is something else
     */
    static RunSetting read(JsonObject json) {
        JsonObject dataset = json.getAsJsonObject("dataset");
        JsonObject model = json.getAsJsonObject("model");
        Map<String, Object> config = new TreeMap<>();
        json.getAsJsonObject("config").entrySet().forEach(e -> config.put(e.getKey(), value(e.getValue())));
        RunSetting.Data data = new RunSetting.Data(
                dataset.get("name").getAsString(),
                dataset.get("sha256").getAsString(),
                value(dataset.get("seed")),
                texts(dataset.getAsJsonArray("base")),
                texts(dataset.getAsJsonArray("new")),
                model.get("name").getAsString(),
                model.get("sha256").getAsString(),
                model.has("reading") ? model.get("reading").getAsString() : "",
                dataset.has("testContentSha256")
                        ? dataset.get("testContentSha256").getAsString()
                        : "",
                config.getOrDefault(COLOR_ORDER, "").toString());
        return new RunSetting(data, json.get("method").getAsString(), config);
    }

    /** A whole number stays a whole number, as in a run's record. */
    private static Object value(JsonElement element) {
        JsonPrimitive value = element.getAsJsonPrimitive();
        if (value.isBoolean()) {
            return value.getAsBoolean();
        }
        if (value.isString()) {
            return value.getAsString();
        }
        String digits = value.getAsString();
        return digits.matches("-?\\d+") ? (Object) Long.parseLong(digits) : (Object) Double.parseDouble(digits);
    }

    private static List<String> texts(JsonArray array) {
        return array.asList().stream().map(JsonElement::getAsString).toList();
    }
}
