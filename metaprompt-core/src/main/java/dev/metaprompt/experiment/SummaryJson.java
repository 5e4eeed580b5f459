package dev.metaprompt.experiment;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.metaprompt.statistics.PairedTest;
import dev.metaprompt.statistics.Summary;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalDouble;

/** A summary as JSON, with every digit; what is absent is left out. */
final class SummaryJson {
    private static final int SCHEMA = 1;
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private SummaryJson() {}

    static String of(ExperimentSummary summary) {
        JsonObject json = new JsonObject();
        summary.incomplete().ifPresent(line -> json.addProperty("incomplete", line + "."));
        json.addProperty("schema", SCHEMA);
        json.addProperty("experiment", summary.plan().name());
        json.addProperty("title", summary.plan().title());
        json.addProperty("id", summary.plan().experimentId());
        json.addProperty("cells", summary.plan().cells().size());
        summary.code().ifPresent(code -> json.addProperty("code", code.shown()));
        json.add("reference", texts(summary.plan().compare().reference()));
        JsonArray groups = new JsonArray();
        summary.groups().forEach(group -> groups.add(group(group)));
        json.add("groups", groups);
        JsonArray missing = new JsonArray();
        summary.missing().forEach((cell, reason) -> {
            JsonObject one = new JsonObject();
            one.add("cell", texts(cell.coordinates()));
            one.addProperty("reason", reason);
            missing.add(one);
        });
        json.add("missing", missing);
        JsonArray otherCode = new JsonArray();
        summary.otherCode().forEach((cell, code) -> {
            JsonObject one = new JsonObject();
            one.add("cell", texts(cell.coordinates()));
            one.addProperty("code", code.shown());
            otherCode.add(one);
        });
        json.add("otherCode", otherCode);
        return GSON.toJson(json) + "\n";
    }

    private static JsonObject group(ExperimentSummary.Group group) {
        JsonObject json = new JsonObject();
        json.add("coordinates", texts(group.coordinates()));
        group.reference().ifPresent(labels -> json.add("reference", texts(labels)));
        json.addProperty("cells", group.cells().size());
        json.addProperty("finished", group.finished());
        uneven(json, "unevenUnits", group.uneven());
        uneven(json, "unevenPairs", group.unevenPairs());
        OptionalDouble h = SummaryFiles.harmonicMeanOfMeans(group);
        h.ifPresent(value -> json.addProperty("harmonicMeanOfMeans", value));
        JsonObject figures = new JsonObject();
        group.figures().forEach((figure, value) -> figures.add(figure.word(), summary(value)));
        json.add("figures", figures);
        JsonObject differences = new JsonObject();
        group.differences().forEach((figure, value) -> differences.add(figure.word(), test(value)));
        json.add("differences", differences);
        JsonArray runs = new JsonArray();
        group.cells().forEach(cell -> runs.add(cell.folder()));
        json.add("runs", runs);
        return json;
    }

    private static void uneven(JsonObject json, String name, Collection<String> units) {
        if (!units.isEmpty()) {
            json.add(name, list(units));
        }
    }

    static JsonArray list(Collection<String> texts) {
        JsonArray list = new JsonArray();
        texts.forEach(list::add);
        return list;
    }

    private static JsonObject summary(Summary value) {
        JsonObject json = new JsonObject();
        json.addProperty("n", value.count());
        json.addProperty("mean", value.mean());
        value.standardDeviation().ifPresent(number -> json.addProperty("standardDeviation", number));
        value.halfWidth().ifPresent(number -> json.addProperty("halfWidth", number));
        return json;
    }

    static JsonObject test(PairedTest value) {
        JsonObject json = summary(value.difference());
        value.pStudent().ifPresent(number -> json.addProperty("pStudent", number));
        value.pWilcoxon().ifPresent(number -> json.addProperty("pWilcoxon", number));
        value.effect().ifPresent(number -> json.addProperty("effect", number));
        return json;
    }

    private static JsonObject texts(Map<String, String> map) {
        JsonObject json = new JsonObject();
        map.forEach(json::addProperty);
        return json;
    }
}
