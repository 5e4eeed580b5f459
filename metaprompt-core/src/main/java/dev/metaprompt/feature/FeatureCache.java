package dev.metaprompt.feature;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.Sha256;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.image.Preprocessing;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;

/**
 * Features of image lists on disk. An entry belongs to the weights, the preprocessing and the list with every file's
 * size and time; when any of it changes, another entry is made. Whole lists are kept, never single rows: a row may
 * differ in its last bit with the batch it was encoded in, and a hit must equal a fresh computation.
 */
public final class FeatureCache {
    private static final String TENSOR = "features";
    private static final String VERSION = "2";

    private final Path folder;
    private final FeatureEncoder encoder;
    private final String modelSha256;
    private final Path imageRoot;

    /**
     * Creates the cache of one model and one data set.
     *
     * @param cache the cache folder
     * @param encoder encodes what is not there yet
     * @param modelSha256 digest of the weights
     * @param imageRoot what image paths are relative to
     */
    public FeatureCache(Path cache, FeatureEncoder encoder, String modelSha256, Path imageRoot) {
        this.folder = cache.resolve("features");
        this.encoder = encoder;
        this.modelSha256 = modelSha256;
        this.imageRoot = imageRoot;
    }

    /**
     * Returns the features of images, encoding them if they are not in the cache.
     *
     * @param manager owner of the result
     * @param paths n paths relative to the image root
     * @param views n numbers of {@link View}
     * @param progress hears the count while encoding
     * @return unnormalised features [n, D]
     * @throws InvalidInputException if an image cannot be read
     */
    public NDArray get(NDManager manager, List<String> paths, int[] views, Progress progress) {
        Shape shape = new Shape(paths.size(), encoder.model().config().projection());
        Path file = folder.resolve(key(paths, views) + ".safetensors");
        float[] cached = read(file, shape);
        if (cached != null) {
            return manager.create(cached, shape);
        }
        NDArray features = manager.create(encoder.encode(paths, views, progress), shape);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "the cache folder " + folder + " cannot be created: " + e
                            + ". Permit writing there, or name another folder as cache.",
                    e);
        }
        Safetensors.write(file, Map.of(TENSOR, features), Map.of());
        return features;
    }

    // A damaged entry is as good as none: it is computed and written again.
    private static float[] read(Path file, Shape shape) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try (Safetensors tensors = Safetensors.open(file)) {
            float[] values = tensors.readFloats(TENSOR);
            return values.length == shape.size() ? values : null;
        } catch (InvalidInputException e) {
            return null;
        }
    }

    private String key(List<String> paths, int[] views) {
        ClipModel model = encoder.model();
        MessageDigest digest = Sha256.begin();
        Preprocessing preprocessing = model.preprocessing();
        add(digest, VERSION, modelSha256, preprocessing.resize() + "/" + preprocessing.crop());
        add(
                digest,
                model.device().toString(),
                model.imagePrecision().toString(),
                model.config().toString());
        // Threads split sums, and so may change a last bit.
        add(digest, Engine.getInstance().getVersion(), System.getProperty("ai.djl.pytorch.num_threads", "default"));
        add(digest, java.util.Arrays.toString(preprocessing.mean()));
        add(digest, java.util.Arrays.toString(preprocessing.std()));
        add(digest, imageRoot.toAbsolutePath().normalize().toString());
        for (int i = 0; i < paths.size(); i++) {
            Path file = imageRoot.resolve(paths.get(i));
            try {
                String time = Files.getLastModifiedTime(file).toString();
                add(digest, paths.get(i), String.valueOf(views[i]), String.valueOf(Files.size(file)), time);
            } catch (IOException e) {
                throw new InvalidInputException(
                        file + " cannot be read: " + e.getMessage() + ". Restore the image or correct the split file.",
                        e);
            }
        }
        return Sha256.hex(digest);
    }

    private static void add(MessageDigest digest, String... parts) {
        for (String part : parts) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
    }
}
