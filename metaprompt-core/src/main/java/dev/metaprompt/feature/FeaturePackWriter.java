package dev.metaprompt.feature;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.image.ColorOrder;
import dev.metaprompt.tensor.HeaderBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Writes feature packs; see {@link FeaturePack}. */
public final class FeaturePackWriter {
    private static final int LARGEST_DATASET_JSON = 90_000_000;

    private final Dataset dataset;
    private final int views;
    private final FeatureCache cache;
    private final List<String> all;
    private final List<String> train;

    /**
     * Prepares a pack of a whole data set.
     *
     * @param dataset the data set, with images
     * @param augmentation which views of training images the pack is to hold beside the centre
     * @param cache gives the features, and encodes those it has not
     */
    public FeaturePackWriter(Dataset dataset, Augmentation augmentation, FeatureCache cache) {
        this.dataset = dataset;
        this.views = augmentation.kind() == Augmentation.Kind.VIEWS ? augmentation.views() : 0;
        this.cache = cache;
        this.all = PackContent.paths(dataset);
        this.train = PackContent.trainPaths(dataset);
    }

    /**
     * Lists the images whose features the pack holds.
     *
     * @return a path for each row: all images, then the training images once a view
     */
    public List<String> rowPaths() {
        List<String> paths = new ArrayList<>(all);
        for (int view = 0; view < views; view++) {
            paths.addAll(train);
        }
        return paths;
    }

    /**
     * Lists the views whose features the pack holds.
     *
     * @return a number of {@link View} for each row
     */
    public int[] rowViews() {
        int[] numbers = new int[all.size() + views * train.size()];
        Arrays.fill(numbers, 0, all.size(), View.CENTRE);
        for (int i = all.size(); i < numbers.length; i++) {
            numbers[i] = (i - all.size()) / train.size();
        }
        return numbers;
    }

    /**
     * Writes the pack, under a temporary name until it is whole.
     *
     * @param file the pack; replaced if it exists
     * @param modelSha256 digest of the model's weights
     * @param version this project's version
     * @param licence the images' licence
     * @param progress hears the count while encoding
     * @throws InvalidInputException if the file cannot be written or an image cannot be read
     */
    public void write(Path file, String modelSha256, String version, Optional<String> licence, Progress progress) {
        // All at once, so that the count of what is encoded is of the whole.
        cache.forEach(rowPaths(), rowViews(), progress, row -> {});
        Map<String, String> facts = facts(modelSha256, version, licence);
        if (Files.isDirectory(file)) {
            throw new InvalidInputException("pack is " + file + ", which is a folder. Name a file.");
        }
        Path target = file.toAbsolutePath();
        boolean[] depend = cache.dependOnOrder(all, progress);
        StreamedTensors.write(
                target.getParent(),
                digest -> target,
                facts,
                tensors(any(depend)),
                out -> content(out, depend, progress));
    }

    /**
     * Tells whether a file is the pack that {@link #write} would write, or one of an earlier version that serves as well;
     * all of it is verified.
     *
     * @param file any file
     * @param modelSha256 digest of the model's weights
     * @param version this project's version
     * @param licence the images' licence
     * @param order the order of colour conversion, if somebody asks for one
     * @param progress hears the count while images are digested
     * @return false if it is missing, damaged or of other features
     */
    public boolean isWritten(
            Path file,
            String modelSha256,
            String version,
            Optional<String> licence,
            Optional<ColorOrder> order,
            Progress progress) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            FeaturePack pack = FeaturePack.open(file);
            Map<String, String> facts = facts(modelSha256, version, licence);
            if (!pack.tells(PackKeys.TOWER) && !cache.encoder().model().imageTowerReadAnew()) {
                // Of an earlier version, and as good: it is left as it is.
                facts.remove(PackKeys.TOWER);
            }
            if (!pack.tells(PackKeys.COLOR_ORDER) && servesWithoutOrder(order, progress)) {
                facts.remove(PackKeys.COLOR_ORDER);
            }
            return pack.holds(facts, cache.digests(all, progress));
        } catch (InvalidInputException e) {
            return false;
        }
    }

    /**
     * Earlier versions resized first. Where somebody asks for the other order, their packs are refused even if no image
     * depends on it, since they do not say so; such a pack is made anew.
     */
    private boolean servesWithoutOrder(Optional<ColorOrder> asked, Progress progress) {
        return asked.map(order -> order == ColorOrder.RESIZE_FIRST)
                .orElseGet(() -> !any(cache.dependOnOrder(all, progress)));
    }

    private Map<String, String> facts(String modelSha256, String version, Optional<String> licence) {
        ClipModel model = cache.encoder().model();
        Map<String, String> facts = new HashMap<>();
        facts.put(PackKeys.VERSION, PackKeys.CURRENT_VERSION);
        facts.put(PackKeys.DIGEST, StreamedTensors.OWN_DIGEST);
        facts.put(PackKeys.MODEL, model.folder().name());
        facts.put(PackKeys.MODEL_SHA256, modelSha256);
        facts.put(PackKeys.TOWER, model.imageTower());
        facts.put(PackKeys.PREPROCESSING, Preparation.describe(model.preprocessing()));
        facts.put(PackKeys.COLOR_ORDER, model.preprocessing().colorOrder().word());
        facts.put(PackKeys.DATASET, PackContent.write(dataset));
        facts.put(PackKeys.PRECISION, cache.encoder().precision().word());
        facts.put(PackKeys.WIDTH, String.valueOf(model.config().projection()));
        facts.put(PackKeys.VIEWS, String.valueOf(views));
        facts.put(PackKeys.RECIPE, String.valueOf(View.RECIPE));
        facts.put(PackKeys.PROJECT, version);
        licence.ifPresent(text -> facts.put(PackKeys.LICENCE, text));
        if (facts.get(PackKeys.DATASET).length() > LARGEST_DATASET_JSON) {
            throw new InvalidInputException("data set " + dataset.name() + " lists " + all.size()
                    + " images, more than a pack can list. Name a split file with fewer.");
        }
        return facts;
    }

    private static boolean any(boolean[] depend) {
        return IntStream.range(0, depend.length).anyMatch(i -> depend[i]);
    }

    private List<HeaderBytes.Tensor> tensors(boolean orderMatters) {
        List<HeaderBytes.Tensor> tensors = new ArrayList<>();
        RowFormat digests = RowFormat.DIGESTS;
        tensors.add(new HeaderBytes.Tensor(
                PackKeys.IMAGES, digests.type(), (long) all.size() * digests.bytes(), all.size(), digests.width()));
        tensors.add(table(PackKeys.CENTRE, all.size()));
        for (int view = 0; view < views; view++) {
            tensors.add(table(PackKeys.view(view), train.size()));
        }
        // Last, since single bytes would put numbers behind them at odd places.
        if (orderMatters) {
            RowFormat bits = RowFormat.DEPEND_ON_ORDER;
            tensors.add(new HeaderBytes.Tensor(
                    PackKeys.DEPEND_ON_ORDER, bits.type(), all.size(), all.size(), bits.width()));
        }
        return tensors;
    }

    private HeaderBytes.Tensor table(String name, int rows) {
        RowFormat format = RowFormat.features(
                cache.encoder().precision(), cache.encoder().model().config().projection());
        long bytes = (long) rows * format.bytes();
        if (bytes > Integer.MAX_VALUE) {
            throw new InvalidInputException("data set " + dataset.name() + " takes " + bytes
                    + " bytes a view; a pack holds at most 2 GiB a view. Use feature.precision=fp16, or fewer images.");
        }
        return new HeaderBytes.Tensor(name, format.type(), bytes, rows, format.width());
    }

    private void content(OutputStream out, boolean[] depend, Progress progress) throws IOException {
        for (byte[] digest : cache.digests(all, progress)) {
            out.write(digest);
        }
        rows(out, all, View.CENTRE, progress);
        for (int view = 0; view < views; view++) {
            rows(out, train, view, progress);
        }
        if (any(depend)) {
            for (boolean one : depend) {
                out.write(one ? 1 : 0);
            }
        }
    }

    private void rows(OutputStream out, List<String> paths, int view, Progress progress) throws IOException {
        int[] numbers = new int[paths.size()];
        Arrays.fill(numbers, view);
        FeaturePrecision precision = cache.encoder().precision();
        try {
            cache.forEach(paths, numbers, progress, row -> {
                try {
                    out.write(precision.toBytes(row, 0, row.length));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
