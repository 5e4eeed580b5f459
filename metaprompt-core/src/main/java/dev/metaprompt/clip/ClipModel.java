package dev.metaprompt.clip;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.image.ColorOrder;
import dev.metaprompt.image.Preprocessing;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.tensor.TensorFile;
import dev.metaprompt.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A frozen CLIP: weights on a device, tokenizer, preprocessing. Owns and closes them; its encoders share them. */
public final class ClipModel implements AutoCloseable {
    private final ModelFolder folder;
    private final ClipConfig config;
    private final NDManager manager;
    private final Tokenizer tokenizer;
    private final ClipWeights textWeights;
    private final TextEncoder textEncoder;
    private final double logitScale;
    private final DataType imagePrecision;
    private final Preprocessing preprocessing;
    private final String reading;
    private final List<String> assumptions;
    private final List<NDManager> imageManagers;
    private List<ImageEncoder> imageEncoders = List.of();

    private ClipModel(
            ModelFolder folder,
            ClipConfig config,
            List<NDManager> managers,
            Tokenizer tokenizer,
            ClipWeights w,
            DataType imagePrecision,
            List<String> towerAssumptions,
            ColorOrder colorOrder) {
        this.folder = folder;
        this.config = config;
        this.manager = managers.get(0);
        this.imageManagers = managers;
        this.tokenizer = tokenizer;
        this.textWeights = w;
        this.textEncoder = TextEncoder.frozen(config, w);
        Prepared prepared = folder.prepared(config);
        this.preprocessing = prepared.preprocessing().with(colorOrder);
        this.reading = folder.reading(config, prepared);
        this.assumptions = Stream.concat(towerAssumptions.stream(), prepared.assumptions().stream())
                .toList();
        this.imagePrecision = imagePrecision;
        this.logitScale =
                Math.exp(w.logitScale().toType(DataType.FLOAT32, false).getFloat());
    }

    /**
     * Loads a model.
     *
     * @param folder the folder or weight file
     * @param tokenizerPlace the tokenizer's file or folder; the model's own path where it has one
     * @param device where the weights go
     * @param imagePrecision arithmetic of the image tower: FLOAT32, FLOAT16 or BFLOAT16; the text tower is always
     *     float32, since gradients pass through it
     * @return the model
     * @throws InvalidInputException if a file is missing or damaged, a tensor is missing or is none of CLIP's, has the
     *     wrong shape or holds a value that is not finite
     */
    public static ClipModel open(ModelFolder folder, Path tokenizerPlace, Device device, DataType imagePrecision) {
        ClipModel model = openLazily(folder, tokenizerPlace, device, imagePrecision);
        try {
            model.imageEncoder();
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * Loads a model's text tower, and its image tower at the first use of {@link #imageEncoder()}: where all features
     * are kept already, and at inference, the image tower's weights are neither read nor held.
     *
     * @param folder the folder or weight file
     * @param tokenizerPlace the tokenizer's file or folder; the model's own path where it has one
     * @param device where the weights go
     * @param imagePrecision as for {@link #open}
     * @return the model
     * @throws InvalidInputException as {@link #open}, for what the text tower needs
     */
    public static ClipModel openLazily(
            ModelFolder folder, Path tokenizerPlace, Device device, DataType imagePrecision) {
        return openLazily(folder, tokenizerPlace, List.of(device), imagePrecision);
    }

    /**
     * As above, with an image tower on each of several devices; the text tower is on the first.
     *
     * @param folder the folder or weight file
     * @param tokenizerPlace the tokenizer's file or folder; the model's own path where it has one
     * @param devices at least one
     * @param imagePrecision as for {@link #open}
     * @return the model
     * @throws InvalidInputException as {@link #open}, for what the text tower needs
     */
    public static ClipModel openLazily(
            ModelFolder folder, Path tokenizerPlace, List<Device> devices, DataType imagePrecision) {
        return openLazily(folder, tokenizerPlace, devices, imagePrecision, ColorOrder.CONVERT_FIRST);
    }

    /**
     * As above, for images that become RGB in another order.
     *
     * @param folder the folder or weight file
     * @param tokenizerPlace the tokenizer's file or folder; the model's own path where it has one
     * @param devices at least one
     * @param imagePrecision as for {@link #open}
     * @param colorOrder when images become RGB, which no model's folder says
     * @return the model
     * @throws InvalidInputException as {@link #open}, for what the text tower needs
     */
    public static ClipModel openLazily(
            ModelFolder folder,
            Path tokenizerPlace,
            List<Device> devices,
            DataType imagePrecision,
            ColorOrder colorOrder) {
        try (TensorFile file = TensorFile.open(folder.weights())) {
            WeightNames names = WeightNames.of(file);
            ClipConfig config = folder.config(file, names);
            Path place = tokenizerPlace.equals(folder.path()) ? folder.directory() : tokenizerPlace;
            Tokenizer tokenizer = Tokenizer.open(place, config.context());
            List<NDManager> managers =
                    devices.stream().map(NDManager::newBaseManager).toList();
            try {
                WeightSource source = new WeightSource(file, names, folder.authority(), managers.get(0));
                ClipWeights weights = ClipWeights.ofText(config, source);
                source.requireAllUsed(false);
                ClipModel model = new ClipModel(
                        folder,
                        config,
                        managers,
                        tokenizer,
                        weights,
                        imagePrecision,
                        folder.assumptions(file, names),
                        colorOrder);
                model.requireFittingTokenizer(place);
                return model;
            } catch (RuntimeException e) {
                tokenizer.close();
                managers.forEach(NDManager::close);
                throw e;
            }
        }
    }

    private ImageEncoder openImageEncoder(NDManager owner) {
        // The encoder outlives the scope in which the first image happens to be encoded.
        try (TensorFile file = TensorFile.open(folder.weights());
                NDScope loading = new NDScope()) {
            loading.suppressNotUsedWarning();
            WeightNames names = WeightNames.of(file);
            WeightSource source = new WeightSource(file, names, folder.authority(), owner);
            ClipWeights weights = textWeights.withImage(config, source);
            source.requireAllUsed(true);
            return ImageEncoder.frozen(config, weights, imagePrecision);
        }
    }

    private void requireFittingTokenizer(Path place) {
        int[] ids = tokenizer.encodeCut("a photo of a texture.");
        int largest = Arrays.stream(ids).max().orElseThrow();
        int last = ids.length - 1;
        // A token that texts may have before their end, or not at all, is no end of theirs.
        boolean ends = config.endToken() == ClipConfig.LEGACY_END_TOKEN || firstOf(config.endToken(), ids) == last;
        if (largest >= config.vocabulary() || !ends) {
            throw new InvalidInputException(
                    place + ": the tokenizer gives " + Quoted.of(Arrays.toString(ids)) + " for a text;"
                            + " the model allows ids below " + config.vocabulary() + " and its end token "
                            + config.endToken() + " (eos_token_id of its config.json) last and nowhere else."
                            + " Use the tokenizer and the config.json that belong to the model.");
        }
    }

    private static int firstOf(int token, int[] ids) {
        int place = 0;
        while (place < ids.length && ids[place] != token) {
            place++;
        }
        return place;
    }

    /**
     * Returns the folder the model came from.
     *
     * @return the folder
     */
    public ModelFolder folder() {
        return folder;
    }

    /**
     * Returns the sizes.
     *
     * @return the configuration
     */
    public ClipConfig config() {
        return config;
    }

    /**
     * Returns the device of the weights.
     *
     * @return the device
     */
    public Device device() {
        return manager.getDevice();
    }

    /**
     * Returns the arithmetic of the image tower.
     *
     * @return FLOAT32, FLOAT16 or BFLOAT16
     */
    public DataType imagePrecision() {
        return imagePrecision;
    }

    /**
     * Returns the tokenizer.
     *
     * @return the tokenizer, owned by the model
     */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * Returns the image tower on the first device.
     *
     * @return f, loaded now if it was not
     * @throws InvalidInputException as {@link #open}, for what the image tower needs
     */
    public ImageEncoder imageEncoder() {
        return imageEncoders().get(0);
    }

    /**
     * Returns the image tower on each device.
     *
     * @return one a device, loaded now if they were not
     * @throws InvalidInputException as {@link #open}, for what the image tower needs
     */
    public synchronized List<ImageEncoder> imageEncoders() {
        if (imageEncoders.isEmpty()) {
            imageEncoders = imageManagers.stream().map(this::openImageEncoder).toList();
        }
        return imageEncoders;
    }

    /**
     * Returns the text tower.
     *
     * @return g
     */
    public TextEncoder textEncoder() {
        return textEncoder;
    }

    /**
     * Returns the factor of the cosines in eq. (1).
     *
     * @return s = exp(logit_scale)
     */
    public double logitScale() {
        return logitScale;
    }

    /**
     * Returns how images are prepared.
     *
     * @return the preprocessing of the model's folder, in the order of colour conversion that was asked for
     */
    public Preprocessing preprocessing() {
        return preprocessing;
    }

    /**
     * Lists what neither the tensors nor a file of the model says, and was taken for granted.
     *
     * @return one sentence each, without a full stop; empty for a folder that says everything
     */
    public List<String> assumptions() {
        return assumptions;
    }

    /**
     * Says what was read from the model's configuration and preprocessing files: towers, sizes and normalisation.
     *
     * @return SHA-256 of a description of them, in lower-case hexadecimal, behind {@link dev.metaprompt.ModelReading#ANEW}
     *     where versions that recorded no reading took another from the same files
     */
    public String reading() {
        return reading;
    }

    /**
     * Describes the image tower beside its weights: two that differ in anything give two descriptions. Feature packs keep
     * it, so that its words do not change.
     *
     * @return one line
     */
    public String imageTower() {
        ClipConfig.Tower tower = config.vision();
        return "width=" + tower.width() + " layers=" + tower.layers() + " heads=" + tower.heads() + " hidden="
                + tower.hidden() + " activation=" + tower.activation().option() + " epsilon=" + tower.epsilon()
                + " image=" + config.imageSize() + " patch=" + config.patch();
    }

    /**
     * Tells whether earlier versions read another image tower from the same files.
     *
     * @return true if features that do not tell their {@link #imageTower} may be another's
     */
    public boolean imageTowerReadAnew() {
        return folder.imageTowerReadAnew(config);
    }

    @Override
    public void close() {
        tokenizer.close();
        imageManagers.forEach(NDManager::close);
    }
}
