package dev.metaprompt.gate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.gate.Baseline.Entry;
import dev.metaprompt.gate.Baseline.Figures;
import dev.metaprompt.gate.Baseline.SeedScores;
import dev.metaprompt.run.CodeVersion;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The baseline file's text, schema {@value #SCHEMA}.
 *
 * <p>Which images were right is a bit an image, least significant bit of the first byte first, in the order of the
 * images' paths, as base64: a few hundred characters a run. The figures stand beside the bits for those who read the
 * file's changes; reading checks them against the bits.
 */
final class BaselineJson {
    private static final int SCHEMA = 1;
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private BaselineJson() {}

    static String write(Baseline baseline) {
        JsonArray configurations = new JsonArray();
        baseline.entries().forEach(entry -> configurations.add(entry(entry)));
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.add("configurations", configurations);
        return GSON.toJson(json) + "\n";
    }

    private static JsonObject entry(Entry entry) {
        JsonObject images = new JsonObject();
        images.add("base", images(entry.base()));
        entry.newClasses().ifPresent(split -> images.add("new", images(split)));
        JsonArray seeds = new JsonArray();
        entry.bySeed().forEach((seed, scores) -> seeds.add(seed(seed, scores, Baseline.figures(entry, scores))));
        JsonObject json = SettingJson.write(entry.setting());
        json.add("testImages", images);
        json.add("seeds", seeds);
        return json;
    }

    private static JsonObject images(TestImages images) {
        JsonObject json = new JsonObject();
        json.addProperty("count", images.count());
        json.addProperty("sha256", images.sha256());
        return json;
    }

    private static JsonObject seed(long seed, SeedScores scores, Figures figures) {
        JsonObject json = new JsonObject();
        json.addProperty("seed", seed);
        json.addProperty("run", scores.run());
        if (!scores.code().equals(CodeVersion.UNKNOWN)) {
            json.addProperty("project", scores.code().project());
            scores.code().commit().ifPresent(commit -> json.addProperty("gitCommit", commit));
        }
        json.addProperty("base", figures.base());
        figures.newClasses().ifPresent(value -> json.addProperty("new", value));
        figures.harmonicMean().ifPresent(value -> json.addProperty("harmonicMean", value));
        json.addProperty("correctBase", text(scores.base()));
        scores.newClasses().ifPresent(bits -> json.addProperty("correctNew", text(bits)));
        return json;
    }

    private static String text(BitSet bits) {
        return Base64.getEncoder().encodeToString(bits.toByteArray());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws RuntimeException if it is something else, or figures and bits contradict each other
     */
    static Baseline read(String text) {
        JsonObject json = JsonParser.parseString(text).getAsJsonObject();
        int schema = member(json, "schema").getAsInt();
        if (schema != SCHEMA) {
            throw new IllegalArgumentException("schema " + schema + " instead of " + SCHEMA);
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonElement each : member(json, "configurations").getAsJsonArray()) {
            entries.add(readEntry(each.getAsJsonObject()));
        }
        return new Baseline(entries);
    }

    private static Entry readEntry(JsonObject json) {
        for (String field : List.of("method", "dataset", "model", "config")) {
            member(json, field);
        }
        JsonObject images = member(json, "testImages").getAsJsonObject();
        TestImages base = readImages(member(images, "base").getAsJsonObject());
        Optional<TestImages> newClasses =
                Optional.ofNullable(images.getAsJsonObject("new")).map(BaselineJson::readImages);
        SortedMap<Long, SeedScores> bySeed = new TreeMap<>();
        for (JsonElement element : member(json, "seeds").getAsJsonArray()) {
            JsonObject seed = element.getAsJsonObject();
            SeedScores scores = new SeedScores(
                    member(seed, "run").getAsString(),
                    bits(seed, "correctBase", base),
                    newClasses.map(split -> bits(seed, "correctNew", split)),
                    code(seed));
            bySeed.put(member(seed, "seed").getAsLong(), scores);
        }
        Entry entry = new Entry(SettingJson.read(json), base, newClasses, bySeed);
        for (JsonElement element : member(json, "seeds").getAsJsonArray()) {
            requireAgreement(entry, element.getAsJsonObject());
        }
        return entry;
    }

    /** Baselines did not always tell. */
    private static CodeVersion code(JsonObject seed) {
        return seed.has("project")
                ? new CodeVersion(
                        seed.get("project").getAsString(),
                        Optional.ofNullable(seed.get("gitCommit")).map(JsonElement::getAsString))
                : CodeVersion.UNKNOWN;
    }

    private static TestImages readImages(JsonObject json) {
        int count = member(json, "count").getAsInt();
        if (count < 1) {
            throw new IllegalArgumentException("count " + count);
        }
        return new TestImages(count, member(json, "sha256").getAsString());
    }

    private static BitSet bits(JsonObject seed, String name, TestImages images) {
        BitSet bits =
                BitSet.valueOf(Base64.getDecoder().decode(member(seed, name).getAsString()));
        if (bits.length() > images.count()) {
            throw new IllegalArgumentException(name + " has more than " + images.count() + " images");
        }
        return bits;
    }

    private static void requireAgreement(Entry entry, JsonObject seed) {
        Figures figures =
                Baseline.figures(entry, entry.bySeed().get(member(seed, "seed").getAsLong()));
        boolean agree = Math.abs(member(seed, "base").getAsDouble() - figures.base()) < 1e-6
                && (figures.newClasses().isEmpty()
                        || Math.abs(member(seed, "new").getAsDouble()
                                        - figures.newClasses().getAsDouble())
                                < 1e-6);
        if (!agree) {
            throw new IllegalArgumentException("the figures of seed " + member(seed, "seed")
                    + " are not those of its images: it was edited by hand");
        }
    }

    private static JsonElement member(JsonObject json, String name) {
        JsonElement element = json.get(name);
        if (element == null || element.isJsonNull()) {
            throw new IllegalArgumentException("no field " + name);
        }
        return element;
    }
}
