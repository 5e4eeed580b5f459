package dev.metaprompt.feature;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ImageEncoder;
import dev.metaprompt.image.ImagePipeline;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Encodes images in batches of one fixed size, the last one padded with zeros.
 *
 * <p>An image's feature is then the same to the last bit whatever its place in the batch and its neighbours, which is
 * what makes it worth keeping. With batches of different sizes it is not: the engine's matrix product sums in another
 * order for few rows. Measured (PyTorch 2.7.1, x86-64 with AVX-512, 1, 2 and 4 threads; nano-CLIP, and random towers of
 * width 512 and 768): within a size no place and no neighbour changed a bit; between sizes 1, 2 and 8 the last bits
 * differed, from 8 on they did not. A test holds the first fact.
 */
public final class FeatureEncoder {
    // Tokens of a batch. A processor is as fast with few as with many, and fewer are padded; a GPU wants many.
    private static final int TOKENS_ON_PROCESSOR = 1600;
    private static final int TOKENS_ON_GPU = 12_800;

    private final ClipModel model;
    private final FeaturePrecision precision;
    private final ImageSource source;
    private final int side;
    private final int batch;

    /** Takes the features of a run of images. */
    interface Rows {
        /** Hears of rows [from, to) of the list, D values each, as they come. */
        void take(int from, int to, float[] rows);
    }

    /**
     * Creates an encoder of a data set's images.
     *
     * @param model the frozen model
     * @param imageRoot what image paths are relative to
     * @param precision to which features are rounded
     */
    public FeatureEncoder(ClipModel model, Path imageRoot, FeaturePrecision precision) {
        this.model = model;
        this.precision = precision;
        this.side = model.config().imageSize();
        this.source = new ImageSource(imageRoot, new ImagePipeline(model.preprocessing()));
        int tokens = model.device().isGpu() ? TOKENS_ON_GPU : TOKENS_ON_PROCESSOR;
        this.batch = Math.max(1, tokens / model.config().imagePositions());
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
        encode(
                paths,
                views,
                progress,
                (from, to, rows) -> System.arraycopy(rows, 0, features, from * width, (to - from) * width));
        return features;
    }

    /**
     * As above, for lists of any length: the next batch is decoded while one is encoded, and no more is held. Several
     * devices take batches in turn; a device works on while the host hands out the next ones.
     */
    void encode(List<String> paths, int[] views, Progress progress, Rows rows) {
        int count = paths.size();
        List<ImageEncoder> encoders = model.imageEncoders();
        // A GPU is given the next batch before the last one is waited for; a processor is ready when the call returns.
        int ahead = model.device().isGpu() ? encoders.size() : encoders.size() - 1;
        try (Ahead<float[]> pixels = new Ahead<>(
                (count + batch - 1) / batch, i -> pixels(paths, views, i * batch, Math.min(count, (i + 1) * batch)))) {
            Deque<Pending> pending = new ArrayDeque<>();
            try {
                for (int start = 0; start < count; start += batch) {
                    ImageEncoder encoder = encoders.get(start / batch % encoders.size());
                    pending.add(begin(encoder, start, Math.min(count, start + batch), pixels.next()));
                    if (pending.size() > ahead) {
                        finish(pending.remove(), count, progress, rows);
                    }
                }
                while (!pending.isEmpty()) {
                    finish(pending.remove(), count, progress, rows);
                }
            } finally {
                pending.forEach(Pending::close);
            }
        }
    }

    /** A batch that a device may still be encoding: rows [from, to). */
    private record Pending(int from, int to, NDManager scope, NDArray features) implements AutoCloseable {
        /** Waits for the device. */
        float[] read() {
            return features.toDevice(Device.cpu(), false).toFloatArray();
        }

        @Override
        public void close() {
            scope.close();
        }
    }

    private Pending begin(ImageEncoder encoder, int from, int to, float[] pixels) {
        NDManager scope = NDManager.newBaseManager(Device.cpu());
        try (NDScope arrays = new NDScope()) {
            arrays.suppressNotUsedWarning();
            NDArray features = encoder.encode(scope.create(pixels, new Shape(batch, 3, side, side)));
            NDScope.unregister(features);
            return new Pending(from, to, scope, features);
        }
    }

    private void finish(Pending batch, int count, Progress progress, Rows rows) {
        try (batch) {
            float[] values = batch.read();
            precision.round(values);
            rows.take(batch.from, batch.to, values);
            progress.update("images encoded", batch.to, count, "");
        }
    }

    private float[] pixels(List<String> paths, int[] views, int start, int end) {
        return source.pixels(paths.subList(start, end), Arrays.copyOfRange(views, start, end), batch);
    }

    /** Encodes one batch of pixels [batch, 3, S, S]; the rows of padding are there too. */
    float[] encode(float[] pixels) {
        try (Pending one = begin(model.imageEncoder(), 0, batch, pixels)) {
            float[] values = one.read();
            precision.round(values);
            return values;
        }
    }

    /**
     * Returns the model that encodes.
     *
     * @return the model
     */
    public ClipModel model() {
        return model;
    }

    FeaturePrecision precision() {
        return precision;
    }

    int batch() {
        return batch;
    }
}
