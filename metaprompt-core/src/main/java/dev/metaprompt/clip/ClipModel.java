package dev.metaprompt.clip;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.image.Preprocessing;
import dev.metaprompt.tensor.Safetensors;
import dev.metaprompt.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;

/** A frozen CLIP: weights on a device, tokenizer, preprocessing. Owns and closes them; its encoders share them. */
public final class ClipModel implements AutoCloseable {
    private final ModelFolder folder;
    private final ClipConfig config;
    private final NDManager manager;
    private final Tokenizer tokenizer;
    private final ImageEncoder imageEncoder;
    private final TextEncoder textEncoder;
    private final double logitScale;
    private final DataType imagePrecision;
    private final Preprocessing preprocessing;

    private ClipModel(ModelFolder folder, ClipConfig config, NDManager manager, Tokenizer tokenizer, ClipWeights w) {
        this.folder = folder;
        this.config = config;
        this.manager = manager;
        this.tokenizer = tokenizer;
        this.imageEncoder = new ImageEncoder(config, w);
        this.textEncoder = new TextEncoder(config, w);
        this.preprocessing = folder.preprocessing(config);
        this.imagePrecision = w.imageProjection().getDataType();
        this.logitScale =
                Math.exp(w.logitScale().toType(DataType.FLOAT32, false).getFloat());
    }

    /**
     * Loads a model folder.
     *
     * @param folder the folder
     * @param tokenizerPlace the tokenizer's file or folder; the model's own folder where it has one
     * @param device where the weights go
     * @param imagePrecision arithmetic of the image tower: FLOAT32, or on a GPU FLOAT16 or BFLOAT16; the text tower is
     *     always float32, since gradients pass through it
     * @return the model
     * @throws InvalidInputException if a file is missing or damaged, a tensor is missing, has the wrong shape or holds
     *     a value that is not finite
     */
    public static ClipModel open(ModelFolder folder, Path tokenizerPlace, Device device, DataType imagePrecision) {
        ClipConfig config = ClipConfig.read(folder.path().resolve("config.json"));
        Tokenizer tokenizer = Tokenizer.open(tokenizerPlace, config.context());
        NDManager manager = NDManager.newBaseManager(device);
        try (Safetensors file = Safetensors.open(folder.weights())) {
            ClipWeights weights =
                    ClipWeights.of(config, (name, shape) -> read(file, folder.weights(), manager, name, shape));
            if (imagePrecision != DataType.FLOAT32) {
                weights = weights.withImagePrecision(imagePrecision);
            }
            ClipModel model = new ClipModel(folder, config, manager, tokenizer, weights);
            model.requireFittingTokenizer(tokenizerPlace);
            return model;
        } catch (RuntimeException e) {
            tokenizer.close();
            manager.close();
            throw e;
        }
    }

    private void requireFittingTokenizer(Path place) {
        int[] ids = tokenizer.encode("a photo of a texture.");
        int largest = Arrays.stream(ids).max().orElseThrow();
        boolean ends = config.endToken() == ClipConfig.LEGACY_END_TOKEN
                || Arrays.stream(ids).anyMatch(id -> id == config.endToken());
        if (largest >= config.vocabulary() || !ends) {
            throw new InvalidInputException(place + ": the tokenizer gives " + Arrays.toString(ids) + " for a text;"
                    + " the model's config.json allows ids below " + config.vocabulary() + " and the end token "
                    + config.endToken() + ". Use the tokenizer that belongs to the model.");
        }
    }

    private static NDArray read(Safetensors file, Path path, NDManager manager, String name, long... shape) {
        if (!file.names().contains(name)) {
            throw new InvalidInputException(path + " has no tensor " + name
                    + ", which config.json asks for. Use the weights that belong to this configuration.");
        }
        if (!Arrays.equals(file.shape(name), shape)) {
            throw new InvalidInputException(
                    path + ": tensor " + name + " has shape " + Arrays.toString(file.shape(name))
                            + "; config.json asks for " + Arrays.toString(shape)
                            + ". Use the weights that belong to this configuration.");
        }
        float[] values = file.readFloats(name);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new InvalidInputException(path + ": tensor " + name + " holds " + value
                        + "; only finite weights are allowed. Fetch the checkpoint again.");
            }
        }
        // Memory of the engine's own: a Java buffer behind every weight would count against the heap's limit.
        try (NDArray javaOwned = manager.create(values, new Shape(shape))) {
            return javaOwned.duplicate();
        }
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
     * Returns the image tower.
     *
     * @return f
     */
    public ImageEncoder imageEncoder() {
        return imageEncoder;
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
     * Returns how test images are prepared.
     *
     * @return the preprocessing of the model's folder
     */
    public Preprocessing preprocessing() {
        return preprocessing;
    }

    @Override
    public void close() {
        tokenizer.close();
        manager.close();
    }
}
