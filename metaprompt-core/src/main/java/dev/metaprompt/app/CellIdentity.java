package dev.metaprompt.app;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.ModelReading;
import dev.metaprompt.Sha256;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.Key;
import dev.metaprompt.config.Keys;
import dev.metaprompt.config.MethodKeys;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.RunSetting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** By what a cell is known: a digest of its configuration, without places and machine, its model and its data. */
final class CellIdentity {
    private static final String DRAWN_FROM_FILE = "file:";
    private static final String TOKENIZER = "tokenizer";
    private static final String DRAW = "dataset.draw";
    private static final String THREADS = "threads";

    /**
     * The keys of the version that first named cells: they count as they did then, at any value and for any method, so
     * that its cells are found by their ids. Keys that came later count only where the method reads them and the value
     * is not the default.
     */
    static final Set<String> ALWAYS = Set.of(
            "seed",
            "method",
            "way",
            "shot",
            "preset",
            "dataset.shots",
            "dataset.draw",
            "dataset.classSplit",
            "dataset.classes.base",
            "dataset.classes.new",
            "dataset.seed",
            "prompt.length",
            "prompt.init",
            "prompt.template",
            "episode.tasks",
            "episode.imagesPerClass",
            "episode.shuffleSupport",
            "train.epochs",
            "train.iterations",
            "train.batch",
            "train.learningRate",
            "train.momentum",
            "train.weightDecay",
            "train.schedule",
            "train.warmupEpochs",
            "train.warmupLearningRate",
            "train.select",
            "loss.klWeight",
            "loss.klDirection",
            "loss.klReduction",
            "loss.detachMultimodal",
            "prototype",
            "crossAttention.heads",
            "crossAttention.scope",
            "crossAttention.norm",
            "crossAttention.init",
            "crossAttention.input",
            "mlp.ratio",
            "mlp.residual",
            "mlp.norm",
            "augment",
            "evaluate.episodes",
            "feature.precision",
            "precision");

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
     * What the files hold that a configuration names.
     *
     * @param model the digest of the model's weights
     * @param tokenizer that of the tokenizer that is named; asked for where one is
     * @param draw {@link #drawDigest} of the list of training images that is named
     * @param reading what is read from the model's other files; part of a digest only where older versions read other
     *     things, so that their cells are found by their ids
     */
    record Contents(String model, Supplier<String> tokenizer, Optional<String> draw, String reading) {
        Contents asOlderVersionsRead() {
            return new Contents(model, tokenizer, draw, "");
        }
    }

    /**
     * How a digest is made of a configuration.
     *
     * @param places whether files are known by their places, as older versions had it
     * @param tokenizerByPlace whether the tokenizer is, too
     * @param threads whether threads count that the configuration asks for
     * @param unread whether keys count that the method does not read; see {@link #ALWAYS}
     * @param order whether the order of colour conversion counts, if it is not the usual one: what an order does is
     *     told apart where it matters, by the digest of the images' content, but one matrix may have both
     */
    private record Form(boolean places, boolean tokenizerByPlace, boolean threads, boolean unread, boolean order) {
        static final Form NOW = new Form(false, false, true, true, true);
        static final Form READ = new Form(false, false, true, false, true);
        static final List<Form> OLDER =
                List.of(new Form(true, false, false, true, false), new Form(true, true, false, true, false));
    }

    /**
     * Returns the digest of a configuration in which {@code auto} is still {@code auto}.
     *
     * @param config threads that are the machine's to say are {@code auto} in it
     */
    static String of(Configuration config, Contents contents, Data data) {
        return digest(Form.NOW, config, contents, data);
    }

    /** Returns the digest of what the method reads of a configuration: cells that share it compute the same. */
    static String ofWhatIsRead(Configuration config, Contents contents, Data data) {
        return digest(Form.READ, config, contents, data);
    }

    /**
     * Returns the digests that older versions knew a cell by: with the places of its files, and without its threads,
     * which they did not heed.
     *
     * @return empty for a cell that has none of them; its digest is what it was
     */
    static Set<String> ofOlderVersions(Configuration config, Contents contents, Data data) {
        Set<String> before = new LinkedHashSet<>();
        Form.OLDER.forEach(form -> before.add(digest(form, config, contents, data)));
        before.remove(of(config, contents, data));
        return before;
    }

    /** Tells whether a configuration says how many threads its cell has. */
    static boolean asksForThreads(Configuration config) {
        return config.value(THREADS).filter(value -> !value.equals("auto")).isPresent();
    }

    private static String digest(Form form, Configuration config, Contents contents, Data data) {
        Map<String, Object> decisive = new TreeMap<>();
        config.values("train").forEach((key, value) -> {
            if (counts(form, config, Keys.find(key).orElseThrow(), value)) {
                decisive.put(key, isDrawFile(key, value) && !form.places() ? DRAWN_FROM_FILE : value);
            }
        });
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("config", decisive);
        all.put("model", contents.model());
        if (config.optional(TOKENIZER).isPresent()) {
            if (form.tokenizerByPlace()) {
                decisive.put(TOKENIZER, config.text(TOKENIZER));
            } else {
                all.put(TOKENIZER, contents.tokenizer().get());
            }
        }
        all.put("split", data.splitSha256());
        all.put("base", data.base());
        all.put("new", data.newClasses());
        contents.draw().ifPresent(list -> all.put("draw", list));
        if (ModelReading.isAnew(contents.reading())) {
            all.put("reading", contents.reading());
        }
        return Sha256.twice(GSON.toJson(all).getBytes(StandardCharsets.UTF_8));
    }

    private static boolean counts(Form form, Configuration config, Key key, Object value) {
        if (key.name().equals(THREADS)) {
            return form.threads() && asksForThreads(config);
        }
        if (key.name().equals(ColorOrders.KEY)) {
            return form.order() && !value.equals(key.defaultValue().orElse(value));
        }
        boolean decides = key.name().equals("seed") || RunSetting.decides(key.name(), value);
        return decides && counts(config.text("method"), key, value, form.unread());
    }

    /**
     * Tells whether a key that says what is computed is part of a digest.
     *
     * @param unread whether keys of {@link #ALWAYS} count that the method does not read
     */
    static boolean counts(String method, Key key, Object value, boolean unread) {
        boolean reads = MethodKeys.reads(method, key.name());
        if (ALWAYS.contains(key.name())) {
            return unread || reads;
        }
        Object usual =
                MethodKeys.defaultOf(method, key.name()).or(key::defaultValue).orElse(null);
        return reads && !value.equals(usual);
    }

    private static boolean isDrawFile(String key, Object value) {
        return key.equals(DRAW) && value.toString().startsWith(DRAWN_FROM_FILE);
    }

    /** Returns where the list of training images lies that a configuration names; nothing if it names none. */
    static Optional<Path> drawPath(Configuration config) {
        String draw = config.text(DRAW);
        return draw.startsWith(DRAWN_FROM_FILE)
                ? Optional.of(config.baseDirectory()
                        .resolve(draw.substring(DRAWN_FROM_FILE.length()))
                        .normalize())
                : Optional.empty();
    }

    /**
     * Reads the list of training images that a configuration names: it counts by what stands in it, not by its name.
     *
     * @return nothing if there is no list
     */
    static Optional<byte[]> drawFile(Configuration config) {
        return drawPath(config).map(file -> read(config, file));
    }

    /** Returns the digest by which that list is part of a cell's. */
    static Optional<String> drawDigest(Configuration config) {
        return drawFile(config).map(Sha256::twice);
    }

    private static byte[] read(Configuration config, Path file) {
        try {
            return PlainFiles.bytesBehindLinks(file, LARGEST);
        } catch (IOException e) {
            throw new InvalidInputException(
                    config.describe(DRAW) + " but " + Quoted.path(file) + " cannot be read: " + Quoted.reason(e)
                            + ". Name an existing file.",
                    e);
        }
    }
}
