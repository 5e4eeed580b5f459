package dev.metaprompt.gate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.metaprompt.gate.Verdict.Comparison;
import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.statistics.Drop;
import dev.metaprompt.statistics.Summary;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The file {@code check.json}, schema {@value #SCHEMA}. */
final class GateJson {
    private static final int SCHEMA = 1;
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private GateJson() {}

    static String write(GateResult result) {
        GateOptions options = result.options();
        JsonObject demands = new JsonObject();
        add(demands, "minBase", options.minBase());
        add(demands, "minNew", options.minNew());
        add(demands, "minHarmonicMean", options.minHarmonicMean());
        result.baseline().ifPresent(name -> demands.addProperty("baseline", name));
        demands.addProperty("tolerance", options.tolerance());
        demands.addProperty("confidence", options.confidence());
        JsonArray configurations = new JsonArray();
        result.verdicts().forEach(verdict -> configurations.add(verdict(verdict, options)));
        result.unchecked().forEach(each -> {
            JsonObject json = new JsonObject();
            json.addProperty("label", each.label());
            json.addProperty("passed", false);
            json.add("reasons", texts(List.of(each.reason())));
            configurations.add(json);
        });
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("passed", result.passed());
        json.add("demands", demands);
        json.add("configurations", configurations);
        json.add("leftOut", texts(result.leftOut()));
        return GSON.toJson(json) + "\n";
    }

    private static JsonObject verdict(Verdict verdict, GateOptions options) {
        JsonObject json = new JsonObject();
        json.addProperty("label", verdict.label());
        json.addProperty("passed", verdict.passed());
        json.add("reasons", texts(verdict.reasons()));
        json.add("notes", texts(verdict.notes()));
        json.add("base", summary(verdict.base()));
        verdict.newClasses().ifPresent(value -> json.add("new", summary(value)));
        verdict.harmonicMean().ifPresent(value -> json.add("harmonicMean", summary(value)));
        add(json, "harmonicMeanOfMeans", verdict.harmonicMeanOfMeans());
        verdict.comparison().ifPresent(c -> json.add("comparison", comparison(c, options)));
        json.add("code", codes(verdict.runs().byCode()));
        JsonObject runs = new JsonObject();
        verdict.runs()
                .bySeed()
                .forEach((seed, run) ->
                        runs.addProperty(Long.toString(seed), run.record().id()));
        json.add("runs", runs);
        SettingJson.write(verdict.runs().setting()).entrySet().forEach(e -> json.add(e.getKey(), e.getValue()));
        return json;
    }

    private static JsonObject summary(Summary summary) {
        JsonObject json = new JsonObject();
        json.addProperty("mean", summary.mean());
        json.addProperty("seeds", summary.count());
        add(json, "standardDeviation", summary.standardDeviation());
        add(json, "halfWidth95", summary.halfWidth());
        return json;
    }

    private static JsonObject comparison(Comparison comparison, GateOptions options) {
        Drop drop = comparison.drop();
        JsonObject json = new JsonObject();
        json.addProperty("figure", comparison.figure());
        json.addProperty("baseline", comparison.baseline());
        json.addProperty("change", 0 - drop.estimate());
        json.addProperty("halfWidth", comparison.halfWidth());
        json.addProperty("confidence", comparison.bound().confidence());
        json.addProperty("lowerBoundOfDrop", comparison.lowerBound());
        json.addProperty("standardErrorOverSeeds", Math.sqrt(drop.seedVariance()));
        json.addProperty("standardErrorOverImages", Math.sqrt(drop.imageVariance()));
        json.addProperty("smallestDropSeen", comparison.bound().detectable(drop, options.tolerance(), Comparer.POWER));
        json.addProperty("power", Comparer.POWER);
        JsonArray seeds = new JsonArray();
        comparison.seeds().forEach(seeds::add);
        json.add("seeds", seeds);
        json.addProperty("baseImages", comparison.baseImages());
        json.addProperty("newImages", comparison.newImages());
        json.add("baselineCode", codes(comparison.codes()));
        return json;
    }

    private static JsonArray codes(Map<CodeVersion, List<Long>> byCode) {
        JsonArray json = new JsonArray();
        byCode.forEach((code, seeds) -> {
            JsonObject one = new JsonObject();
            one.addProperty("project", code.project());
            code.commit().ifPresent(commit -> one.addProperty("gitCommit", commit));
            JsonArray numbers = new JsonArray();
            seeds.forEach(numbers::add);
            one.add("seeds", numbers);
            json.add(one);
        });
        return json;
    }

    private static void add(JsonObject json, String name, OptionalDouble value) {
        value.ifPresent(number -> json.addProperty(name, number));
    }

    private static JsonArray texts(List<String> texts) {
        JsonArray json = new JsonArray();
        texts.forEach(json::add);
        return json;
    }
}
