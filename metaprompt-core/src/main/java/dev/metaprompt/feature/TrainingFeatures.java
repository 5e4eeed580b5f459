package dev.metaprompt.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.Progress;
import dev.metaprompt.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The features a training step uses: a bank of kept views, or views made as they are needed. Owns the bank. */
public final class TrainingFeatures implements AutoCloseable {
    private final Augmentation augmentation;
    private final List<String> paths;
    private final FeatureEncoder encoder;
    private final NDManager manager;
    private final NDArray bank;

    /**
     * Encodes the bank, or takes it from the cache.
     *
     * @param augmentation which views
     * @param paths n image paths relative to the image root: the few-shot training set
     * @param encoder encodes views that are not kept
     * @param cache keeps the others
     * @param progress hears the count while encoding
     */
    public TrainingFeatures(
            Augmentation augmentation,
            List<String> paths,
            FeatureEncoder encoder,
            FeatureCache cache,
            Progress progress) {
        this.augmentation = augmentation;
        this.paths = List.copyOf(paths);
        this.encoder = encoder;
        this.manager = NDManager.newBaseManager(encoder.model().device());
        this.bank = augmentation.kind() == Augmentation.Kind.ONLINE ? null : bank(cache, progress);
    }

    // [n · V, D]: the views of an image lie together
    private NDArray bank(FeatureCache cache, Progress progress) {
        int views = augmentation.views();
        boolean centre = augmentation.kind() == Augmentation.Kind.NONE;
        List<String> repeated = new ArrayList<>();
        int[] numbers = new int[paths.size() * views];
        for (int i = 0; i < numbers.length; i++) {
            repeated.add(paths.get(i / views));
            numbers[i] = centre ? View.CENTRE : i % views;
        }
        return cache.get(manager, repeated, numbers, progress);
    }

    /**
     * Chooses a view for each use of an image in a step.
     *
     * @param seed the run's seed
     * @param step the optimiser step
     * @param uses how many images the step uses, repetitions counted
     * @return a number of {@link View} for each use
     */
    public int[] chooseViews(long seed, long step, int uses) {
        int[] views = new int[uses];
        RandomStream random = RandomStream.of(seed, "view", step);
        for (int i = 0; i < uses; i++) {
            views[i] = switch (augmentation.kind()) {
                case NONE -> View.CENTRE;
                case VIEWS -> random.nextInt(augmentation.views());
                case ONLINE -> random.nextInt(Integer.MAX_VALUE);
            };
        }
        return views;
    }

    /**
     * Returns features of images.
     *
     * @param images m indices of the few-shot training set
     * @param views m numbers of {@link View} from {@link #chooseViews}
     * @return unnormalised features [m, D], owned by the caller's scope
     */
    public NDArray get(int[] images, int[] views) {
        if (bank == null) {
            List<String> wanted = Arrays.stream(images).mapToObj(paths::get).toList();
            float[] rows = encoder.encode(wanted, views, Progress.SILENT);
            return manager.create(
                    rows, new Shape(images.length, encoder.model().config().projection()));
        }
        long[] rows = new long[images.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (long) images[i] * augmentation.views() + Math.max(0, views[i]);
        }
        return Rows.pick(bank, rows);
    }

    /**
     * Tells whether views are worth recording.
     *
     * @return false when every use is the centre crop
     */
    public boolean augmented() {
        return augmentation.kind() != Augmentation.Kind.NONE;
    }

    @Override
    public void close() {
        manager.close();
    }
}
