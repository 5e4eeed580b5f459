package dev.metaprompt.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.image.ImagePipeline;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Encodes lists of images in batches of fixed size, in list order: the same list gives the same bits. */
public final class FeatureEncoder {
    // Tokens of a batch: enough to keep the matrix products large, small enough for ViT-L in two gigabytes.
    private static final int TOKENS_A_BATCH = 3200;

    private final ClipModel model;
    private final ImageSource source;
    private final int side;
    private final int batch;

    /**
     * Creates an encoder of a data set's images.
     *
     * @param model the frozen model
     * @param imageRoot what image paths are relative to
     */
    public FeatureEncoder(ClipModel model, Path imageRoot) {
        this.model = model;
        this.side = model.config().imageSize();
        this.source = new ImageSource(imageRoot, new ImagePipeline(model.preprocessing()));
        this.batch = Math.max(1, TOKENS_A_BATCH / model.config().imagePositions());
    }

    /**
     * Encodes images.
     *
     * @param paths n paths relative to the image root
     * @param views n numbers of {@link View}
     * @param progress hears the count
     * @return unnormalised features, n · D values, row by row
     * @throws dev.metaprompt.InvalidInputException if an image cannot be read
     */
    public float[] encode(List<String> paths, int[] views, Progress progress) {
        int width = model.config().projection();
        float[] features = new float[paths.size() * width];
        for (int start = 0; start < paths.size(); start += batch) {
            int end = Math.min(paths.size(), start + batch);
            float[] pixels = source.pixels(paths.subList(start, end), Arrays.copyOfRange(views, start, end));
            try (NDManager scope = NDManager.newBaseManager(model.device());
                    NDScope arrays = new NDScope()) {
                arrays.suppressNotUsedWarning();
                NDArray input = scope.create(pixels, new Shape(end - start, 3, side, side));
                float[] rows = model.imageEncoder().encode(input).toFloatArray();
                System.arraycopy(rows, 0, features, start * width, rows.length);
            }
            progress.update("images encoded", end, paths.size(), "");
        }
        return features;
    }

    /**
     * Returns the model that encodes.
     *
     * @return the model
     */
    public ClipModel model() {
        return model;
    }
}
