package dev.metaprompt.app;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.image.ColorOrder;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunSetting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** By what a cell is known: a digest of its configuration, without places and machine, its model and its data. */
final class CellIdentity {
    private static final String DRAWN_FROM_FILE = "file:";
    private static final String TOKENIZER = "tokenizer";
    private static final long LARGEST = 64 << 20;
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private CellIdentity() {}

    /** The data, as far as they decide a result. */
    record Data(String name, String splitSha256, List<String> base, List<String> newClasses) {
        static Data of(Dataset dataset, ClassSplit split) {
            return new Data(dataset.name(), dataset.splitSha256(), split.base(), split.newClasses());
        }

        Data withSplit(String sha256) {
            return new Data(name, sha256, base, newClasses);
        }
    }

    /**
     * Returns the digest of a configuration in which {@code auto} is still {@code auto}.
     *
     * @param tokenizer digest of the tokenizer that the configuration names; asked for where it names one
     */
    static String of(Configuration config, String modelSha256, Supplier<String> tokenizer, Data data) {
        return of(config, orderIfOpenAis(config), modelSha256, tokenizer, data);
    }

    // Cells of the usual order have the ids that older versions gave them. What an order does is told apart where it
    // matters, by the digest of the images' content; but one matrix may have both orders.
    private static Map<String, Object> orderIfOpenAis(Configuration config) {
        String order = config.text(ColorOrders.KEY);
        return order.equals(ColorOrder.RESIZE_FIRST.word()) ? Map.of(ColorOrders.KEY, order) : Map.of();
    }

    private static String of(
            Configuration config, Map<String, Object> more, String modelSha256, Supplier<String> tokenizer, Data data) {
        Map<String, Object> all = begin(config, more, modelSha256);
        if (config.optional(TOKENIZER).isPresent()) {
            all.put(TOKENIZER, tokenizer.get());
        }
        return end(config, all, data);
    }

    /**
     * Returns the digests that older versions knew a cell by: one that names a tokenizer by the tokenizer's place, one
     * whose images are resized first without saying so.
     *
     * @param tokenizer as above
     * @return empty for a cell whose digest is what it was
     */
    static List<String> ofOlderVersions(
            Configuration config, String modelSha256, Supplier<String> tokenizer, Data data) {
        List<String> digests = new ArrayList<>();
        config.value(TOKENIZER)
                .ifPresent(place ->
                        digests.add(end(config, begin(config, Map.of(TOKENIZER, place), modelSha256), data)));
        if (!orderIfOpenAis(config).isEmpty()) {
            digests.add(of(config, Map.of(), modelSha256, tokenizer, data));
        }
        return digests;
    }

    private static Map<String, Object> begin(Configuration config, Map<String, Object> more, String modelSha256) {
        Map<String, Object> decisive = new TreeMap<>(more);
        config.values("train").forEach((key, value) -> {
            if (key.equals("seed") || RunSetting.decides(key, value)) {
                decisive.put(key, value);
            }
        });
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("config", decisive);
        all.put("model", modelSha256);
        return all;
    }

    private static String end(Configuration config, Map<String, Object> all, Data data) {
        all.put("split", data.splitSha256());
        all.put("base", data.base());
        all.put("new", data.newClasses());
        drawFile(config, all);
        return Sha256.twice(GSON.toJson(all).getBytes(StandardCharsets.UTF_8));
    }

    // A list of training images counts by what stands in it, not by its name.
    private static void drawFile(Configuration config, Map<String, Object> all) {
        String draw = config.text("dataset.draw");
        if (!draw.startsWith(DRAWN_FROM_FILE)) {
            return;
        }
        var file = config.baseDirectory()
                .resolve(draw.substring(DRAWN_FROM_FILE.length()))
                .normalize();
        try {
            all.put("draw", Sha256.twice(PlainFiles.bytesBehindLinks(file, LARGEST)));
        } catch (IOException e) {
            throw new InvalidInputException(
                    config.describe("dataset.draw") + " but " + Quoted.path(file) + " cannot be read: "
                            + Quoted.reason(e) + ". Name an existing file.",
                    e);
        }
    }
}
