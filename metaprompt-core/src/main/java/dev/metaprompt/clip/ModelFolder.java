package dev.metaprompt.clip;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.clip.ClipConfig.Activation;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.tensor.ShardedTensors;
import dev.metaprompt.tensor.TensorFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * A CLIP checkpoint on disk: a folder as the Hugging Face hub lays it out, by transformers or by open_clip, or one weight
 * file. Files that stand beside a weight file (configuration, preprocessing, tokenizer) belong to it.
 *
 * @param name as the user wrote it
 * @param path the folder or the weight file
 * @param activation what the user says of the activation: needed where no configuration says it
 */
public record ModelFolder(String name, Path path, Optional<Activation> activation) {
    private static final String CONFIG = "config.json";
    private static final String ADAPTER = "adapter_config.json";
    static final String OPEN_CLIP_CONFIG = "open_clip_config.json";
    private static final String OPEN_CLIP = "open_clip_";
    private static final List<String> TRANSFORMERS_WEIGHTS = List.of(
            "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json");
    private static final List<String> OPEN_CLIP_WEIGHTS =
            List.of("open_clip_model.safetensors", "open_clip_pytorch_model.bin");

    /**
     * Names a checkpoint whose files say all of it.
     *
     * @param name as the user wrote it
     * @param path the folder or the weight file
     */
    public ModelFolder(String name, Path path) {
        this(name, path, Optional.empty());
    }

    /**
     * Adds what the user says of the activation.
     *
     * @param option {@code gelu} or {@code quickgelu}; empty for nothing
     * @return the same checkpoint
     * @throws IllegalArgumentException if it is another word
     */
    public ModelFolder withActivation(Optional<String> option) {
        return new ModelFolder(name, path, option.map(Activation::ofOption));
    }

    /**
     * Returns where the files beside the weights are.
     *
     * @return the folder, or the folder of the weight file
     */
    public Path directory() {
        return Files.isRegularFile(path) ? path.toAbsolutePath().getParent() : path;
    }

    /**
     * Returns the weights' file.
     *
     * @return a weight file, or the index of several
     * @throws InvalidInputException if the folder has none
     */
    public Path weights() {
        if (Files.isRegularFile(path)) {
            return path;
        }
        // A folder can hold both kinds; each belongs to the configuration of its own kind.
        boolean openClipFirst = has(OPEN_CLIP_CONFIG) && !has(CONFIG);
        return first(openClipFirst ? OPEN_CLIP_WEIGHTS : TRANSFORMERS_WEIGHTS)
                .or(() -> first(openClipFirst ? TRANSFORMERS_WEIGHTS : OPEN_CLIP_WEIGHTS))
                .orElseThrow(() -> new InvalidInputException(path + " has no weights: none of "
                        + String.join(", ", TRANSFORMERS_WEIGHTS) + ", " + String.join(", ", OPEN_CLIP_WEIGHTS)
                        + ". Fetch the model folder again, or name a weight file as model."));
    }

    private boolean has(String file) {
        return Files.isRegularFile(directory().resolve(file));
    }

    private Optional<Path> first(List<String> names) {
        return names.stream().filter(this::has).findFirst().map(path::resolve);
    }

    /**
     * Returns the files that hold the weights.
     *
     * @return one file, or the shards by name
     * @throws InvalidInputException if there are none, or an index of shards is damaged
     */
    public List<Path> weightFiles() {
        Path weights = weights();
        return weights.getFileName().toString().endsWith(ShardedTensors.SUFFIX)
                ? ShardedTensors.files(weights)
                : List.of(weights);
    }

    /**
     * Returns the settings that the model's maker recommends.
     *
     * @return {@code metaprompt.yaml}, if the folder has one
     */
    public Optional<Path> recommendations() {
        return Optional.of(directory().resolve("metaprompt.yaml")).filter(Files::isRegularFile);
    }

    /**
     * Computes the digest of the weights: of the weight file's bytes; of several files, the digest of the lines that
     * {@code sha256sum} would print for them, by name.
     *
     * @return SHA-256 in lower-case hexadecimal digits
     */
    public String sha256() {
        List<Path> files = weightFiles();
        if (files.size() == 1) {
            return sha256(files.get(0));
        }
        StringBuilder lines = new StringBuilder();
        files.forEach(file -> lines.append(sha256(file))
                .append("  ")
                .append(file.getFileName())
                .append('\n'));
        return Sha256.hex(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(Path file) {
        MessageDigest digest = Sha256.begin();
        try (InputStream in = new DigestInputStream(PlainFiles.readBehindLinks(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
            return Sha256.hex(digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Names what tells the model's sizes.
     *
     * @return the configuration's name, for messages
     */
    String authority() {
        return configuration().map(file -> file.getFileName().toString()).orElse("the other tensors' shapes");
    }

    private Optional<Path> configuration() {
        boolean openClip = weights().getFileName().toString().startsWith(OPEN_CLIP);
        List<String> names = openClip ? List.of(OPEN_CLIP_CONFIG, CONFIG) : List.of(CONFIG, OPEN_CLIP_CONFIG);
        return names.stream().filter(this::has).findFirst().map(directory()::resolve);
    }

    /**
     * Reads the sizes: from the configuration, or for a weight file without one from the tensors' shapes.
     *
     * @param file the weights
     * @param names how they are named
     * @return the sizes
     * @throws InvalidInputException if the configuration is missing from a folder, says what cannot be, or another
     *     activation than the user
     */
    ClipConfig config(TensorFile file, WeightNames names) {
        refuseAdapter();
        if (isBare()) {
            return ShapeConfig.of(file, names, activation);
        }
        Path configuration = configuration().orElse(directory().resolve(CONFIG));
        ClipConfig config = configuration.endsWith(OPEN_CLIP_CONFIG)
                ? OpenClipConfig.read(configuration)
                : ClipConfig.read(configuration);
        activation.ifPresent(asked -> requireAgreement(asked, config, configuration));
        return config;
    }

    // transformers applies an adapter that lies in the folder to the weights beside it.
    private void refuseAdapter() {
        if (has(ADAPTER)) {
            throw new InvalidInputException(directory().resolve(ADAPTER) + " says that an adapter changes the weights,"
                    + " which is not applied here; allowed are weights that are whole. Merge the adapter into them, or"
                    + " take the file out of the model's folder.");
        }
    }

    private static void requireAgreement(Activation asked, ClipConfig config, Path file) {
        for (Activation said :
                List.of(config.text().activation(), config.vision().activation())) {
            if (said != asked) {
                throw new InvalidInputException("model.activation is " + asked.option() + ", but " + file + " says "
                        + said.key() + ". Leave model.activation out: it is for weight files without a configuration.");
            }
        }
    }

    /**
     * What describes a model beside its weights.
     *
     * @param config the sizes
     * @param reading as {@link ClipModel#reading}
     */
    public record Description(ClipConfig config, String reading) {}

    /**
     * Reads what describes the model, without its weights: what is wrong with that is found before any work.
     *
     * @return the description
     * @throws InvalidInputException as when the model is opened
     */
    public Description described() {
        try (TensorFile file = TensorFile.open(weights())) {
            ClipConfig config = config(file, WeightNames.of(file));
            return new Description(config, reading(config, prepared(config)));
        }
    }

    /**
     * Tells whether the model's files say its activation.
     *
     * @return false for a weight file that neither has a configuration beside it nor is one of OpenAI's archives
     * @throws InvalidInputException if the weights are missing or damaged
     */
    public boolean tellsActivation() {
        if (!isBare()) {
            return true;
        }
        try (TensorFile file = TensorFile.open(weights())) {
            return ShapeConfig.isArchive(file, WeightNames.of(file));
        }
    }

    String reading(ClipConfig config, Prepared prepared) {
        boolean anew = towersReadAnew() || Prepared.readAnew(directory(), config.imageSize(), prepared.preprocessing());
        return Reading.of(config, prepared.preprocessing(), anew);
    }

    private boolean towersReadAnew() {
        if (isBare()) {
            // What it lacks is a key's value, which is compared as one.
            return false;
        }
        Path configuration = configuration().orElseThrow();
        return configuration.endsWith(CONFIG)
                && TransformersConfig.read(configuration).overruled();
    }

    /** Tells whether this is a weight file without a configuration beside it. */
    private boolean isBare() {
        return Files.isRegularFile(path) && configuration().isEmpty();
    }

    /**
     * Lists what no file says of the towers and was taken for granted.
     *
     * @param file the weights
     * @param names how they are named
     * @return one line each; of the preprocessing see {@link #prepared}
     */
    List<String> assumptions(TensorFile file, WeightNames names) {
        return isBare() ? ShapeConfig.assumptions(file, names) : List.of();
    }

    /**
     * Tells whether earlier versions read another image tower from the same files. Features that
     * they computed and that do not tell their tower must not be mixed with this model's.
     *
     * @param config what {@link #config} gives
     * @return true if they differ
     */
    boolean imageTowerReadAnew(ClipConfig config) {
        if (isBare()) {
            return config.vision().activation() != Activation.QUICK_GELU;
        }
        Path configuration = configuration().orElseThrow();
        return configuration.endsWith(CONFIG)
                && TransformersConfig.read(configuration).imageTowerOverruled();
    }

    /**
     * Reads how images are prepared; where no file says it, CLIP's constants hold, and are listed as assumed.
     *
     * @param config the model's sizes
     * @return size, crop, mean and deviation
     * @throws InvalidInputException if a file asks for something other than CLIP's kind of preprocessing, or is not
     *     understood
     */
    Prepared prepared(ClipConfig config) {
        boolean openClip = has(OPEN_CLIP_CONFIG)
                && configuration()
                        .filter(file -> file.endsWith(OPEN_CLIP_CONFIG))
                        .isPresent();
        return Prepared.of(directory(), openClip, config.imageSize());
    }
}
