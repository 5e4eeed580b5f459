package dev.metaprompt.feature;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.Progress;
import dev.metaprompt.RandomStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** The features a training step uses: a bank of kept views, or views made as they are needed. Owns the bank. */
public final class TrainingFeatures implements AutoCloseable {
    private final Augmentation augmentation;
    private final List<String> paths;
    private final FeatureEncoder encoder;
    private final NDManager manager;
    private final NDArray bank;

    private TrainingFeatures(Augmentation augmentation, List<String> paths, FeatureEncoder encoder, Device device) {
        this.augmentation = augmentation;
        this.paths = List.copyOf(paths);
        this.encoder = encoder;
        this.manager = NDManager.newBaseManager(device);
        this.bank = null;
    }

    private TrainingFeatures(
            Augmentation augmentation, List<String> paths, FeatureSource source, Device device, Progress progress) {
        this.augmentation = augmentation;
        this.paths = List.copyOf(paths);
        this.encoder = null;
        this.manager = NDManager.newBaseManager(device);
        try {
            this.bank = source.get(manager, bankPaths(augmentation, paths), bankViews(augmentation, paths), progress);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /**
     * Takes a bank of kept views.
     *
     * @param augmentation which views, not {@link Augmentation.Kind#ONLINE}
     * @param paths n image paths relative to the image root: the few-shot training set
     * @param source gives the bank
     * @param device where features are used
     * @param progress hears the count while encoding
     * @return the features; close them
     */
    public static TrainingFeatures bank(
            Augmentation augmentation, List<String> paths, FeatureSource source, Device device, Progress progress) {
        return new TrainingFeatures(augmentation, paths, source, device, progress);
    }

    /**
     * Encodes a fresh view at every use.
     *
     * @param paths n image paths relative to the image root: the few-shot training set
     * @param encoder encodes
     * @return the features; close them
     */
    public static TrainingFeatures online(List<String> paths, FeatureEncoder encoder) {
        Augmentation online = new Augmentation(Augmentation.Kind.ONLINE, 0);
        return new TrainingFeatures(online, paths, encoder, encoder.model().device());
    }

    /**
     * Lists the images of a bank: the views of an image lie together.
     *
     * @param augmentation which views
     * @param paths n image paths
     * @return n · V paths
     */
    public static List<String> bankPaths(Augmentation augmentation, List<String> paths) {
        return paths.stream()
                .flatMap(path -> Collections.nCopies(augmentation.views(), path).stream())
                .toList();
    }

    /**
     * Lists the views of a bank.
     *
     * @param augmentation which views
     * @param paths n image paths
     * @return n · V numbers of {@link View}
     */
    public static int[] bankViews(Augmentation augmentation, List<String> paths) {
        int views = augmentation.views();
        boolean centre = augmentation.kind() == Augmentation.Kind.NONE;
        return IntStream.range(0, paths.size() * views)
                .map(i -> centre ? View.CENTRE : i % views)
                .toArray();
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
