package dev.metaprompt.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.image.ColorOrder;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.tensor.Safetensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file with the image features of a model and a data set, and all that a training needs of them beside the text
 * tower; no photographs. Made by {@link FeaturePackWriter}.
 *
 * <p>A safetensors file: {@code centre} [N, D], the centre view of all N images, training images first; {@code views.0}
 * … [n, D], a random view each of the n training images; {@code images} [N, 32], the SHA-256 of the image files;
 * {@code images.dependOnColorOrder} [N, 1] where the order of colour conversion matters for one of them; and as
 * metadata what {@link PackKeys} lists.
 */
public final class FeaturePack implements FeatureSource, ImageContents {
    /** How packs' names end. */
    public static final String SUFFIX = ".pack";

    private final Path file;
    private final Map<String, String> facts;
    private final Dataset dataset;
    private final FeaturePrecision stored;
    private final FeaturePrecision wanted;
    private final int width;
    private final Map<String, Integer> rows;
    private final int trainRows;
    private final ByteBuffer centre;
    private final List<ByteBuffer> views;
    private final ByteBuffer images;
    private final Optional<ByteBuffer> dependOnOrder;

    private FeaturePack(
            Path file, Map<String, String> facts, Dataset dataset, Safetensors tensors, FeaturePrecision stored) {
        this.file = file;
        this.facts = facts;
        this.dataset = dataset;
        this.stored = stored;
        this.wanted = stored;
        this.rows = new HashMap<>();
        PackContent.paths(dataset).forEach(path -> rows.put(path, rows.size()));
        this.trainRows = PackContent.trainPaths(dataset).size();
        this.width = number(PackKeys.WIDTH, 1);
        this.centre = table(tensors, PackKeys.CENTRE, rows.size());
        this.views = new ArrayList<>();
        for (int view = 0; view < number(PackKeys.VIEWS, 0); view++) {
            views.add(table(tensors, PackKeys.view(view), trainRows));
        }
        requireShape(tensors, PackKeys.IMAGES, rows.size(), RowFormat.DIGESTS.width());
        this.images = tensors.bytes(PackKeys.IMAGES);
        this.dependOnOrder = dependOnOrder(tensors);
        order(Optional.empty());
    }

    private Optional<ByteBuffer> dependOnOrder(Safetensors tensors) {
        if (!tensors.names().contains(PackKeys.DEPEND_ON_ORDER)) {
            return Optional.empty();
        }
        requireShape(tensors, PackKeys.DEPEND_ON_ORDER, rows.size(), RowFormat.DEPEND_ON_ORDER.width());
        return Optional.of(tensors.bytes(PackKeys.DEPEND_ON_ORDER));
    }

    private FeaturePack(FeaturePack other, FeaturePrecision wanted) {
        this.file = other.file;
        this.facts = other.facts;
        this.dataset = other.dataset;
        this.stored = other.stored;
        this.wanted = wanted;
        this.rows = other.rows;
        this.trainRows = other.trainRows;
        this.width = other.width;
        this.centre = other.centre;
        this.views = other.views;
        this.images = other.images;
        this.dependOnOrder = other.dependOnOrder;
    }

    /**
     * Opens a pack and verifies all of it.
     *
     * @param file the pack
     * @return the pack
     * @throws InvalidInputException if it is missing, no pack, of an unknown version, truncated or changed since it was
     *     written
     */
    public static FeaturePack open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(
                    "feature pack " + Quoted.path(file)
                            + " does not exist. Make it with mvn metaprompt:prepare -Dmetaprompt.pack=<file>, or correct the option dataset.");
        }
        try (Safetensors tensors = Safetensors.open(file)) {
            Map<String, String> facts = tensors.metadata();
            String version = facts.get(PackKeys.VERSION);
            if (version == null) {
                throw PackChecks.bad(file, "is a safetensors file but no feature pack");
            }
            if (!version.equals(PackKeys.CURRENT_VERSION)) {
                throw PackChecks.bad(
                        file,
                        "is a pack of version " + Quoted.of(version) + "; this project reads version "
                                + PackKeys.CURRENT_VERSION);
            }
            PackDigest.require(file, facts.get(PackKeys.DIGEST));
            return read(file, facts, tensors);
        }
    }

    private static FeaturePack read(Path file, Map<String, String> facts, Safetensors tensors) {
        for (String key : PackKeys.REQUIRED) {
            if (!facts.containsKey(key)) {
                throw PackChecks.bad(file, "does not say its " + key);
            }
        }
        try {
            FeaturePrecision precision = PackChecks.precision(file, facts.get(PackKeys.PRECISION));
            return new FeaturePack(
                    file, facts, PackContent.read(facts.get(PackKeys.DATASET), file), tensors, precision);
        } catch (InvalidInputException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InvalidInputException(
                    "feature pack " + file + " describes its data set in a way that cannot be read (" + Quoted.reason(e)
                            + "). " + PackKeys.ADVICE,
                    e);
        }
    }

    private int number(String key, int least) {
        String text = facts.get(key);
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < least) {
            throw PackChecks.bad(file, "says that " + key + " is " + Quoted.of(text) + ", which is out of range");
        }
        return Integer.parseInt(text);
    }

    private ByteBuffer table(Safetensors tensors, String name, int count) {
        requireShape(tensors, name, count, width);
        if (!tensors.type(name).equals(stored.type())) {
            throw PackChecks.bad(
                    file, "has a table " + name + " of " + tensors.type(name) + "; it says " + stored.word());
        }
        return tensors.bytes(name);
    }

    private void requireShape(Safetensors tensors, String name, int... expected) {
        long[] shape = tensors.names().contains(name) ? tensors.shape(name) : new long[0];
        if (!Arrays.equals(shape, Arrays.stream(expected).asLongStream().toArray())) {
            throw PackChecks.bad(
                    file,
                    "has a table " + name + " of shape " + Arrays.toString(shape) + "; its lists ask for "
                            + Arrays.toString(expected));
        }
    }

    /**
     * Holds that the pack belongs to a model.
     *
     * @param model the model that is to be used with it
     * @param modelSha256 digest of its weights
     * @throws InvalidInputException if the weights or the preprocessing of images are others
     */
    public void requireMadeWith(ClipModel model, String modelSha256) {
        PackChecks.requireMadeWith(file, facts, width, model, modelSha256);
    }

    /**
     * Holds that the pack has the views a training asks for.
     *
     * @param augmentation which views
     * @throws InvalidInputException if it has fewer, or views are to be made as they are needed
     */
    public void requireViews(Augmentation augmentation) {
        PackChecks.requireViews(file, facts, views.size(), augmentation);
    }

    /**
     * Decides the precision of use.
     *
     * @param asked what the user asked for, if anything
     * @return the same pack, whose features are of the asked precision, by default of the stored one
     * @throws InvalidInputException if more is asked for than was stored
     */
    public FeaturePack at(Optional<FeaturePrecision> asked) {
        if (asked.equals(Optional.of(FeaturePrecision.FP32)) && stored == FeaturePrecision.FP16) {
            throw new InvalidInputException(
                    "feature.precision is fp32, but the feature pack " + file
                            + " holds fp16. Leave feature.precision out, or make a pack with -Dmetaprompt.feature.precision=fp32.");
        }
        return new FeaturePack(this, asked.orElse(stored));
    }

    @Override
    public NDArray get(NDManager manager, List<String> paths, int[] wantedViews, Progress progress) {
        return FeatureTable.of(manager, paths.size(), width, (i, target, offset) -> {
            read(paths.get(i), wantedViews[i], target, offset);
        });
    }

    @Override
    public byte[][] digests(List<String> paths, Progress progress) {
        return paths.stream().map(this::digest).toArray(byte[][]::new);
    }

    private int row(String path) {
        Integer row = rows.get(path);
        if (row == null) {
            throw new InvalidInputException("feature pack " + file + " has no image " + path + ". Make a new pack.");
        }
        return row;
    }

    @Override
    public boolean[] dependOnOrder(List<String> paths, Progress progress) {
        boolean[] depend = new boolean[paths.size()];
        for (int i = 0; i < depend.length; i++) {
            int row = row(paths.get(i));
            depend[i] = dependOnOrder.isPresent() && dependOnOrder.get().get(row) != 0;
        }
        return depend;
    }

    /**
     * Decides the order of colour conversion.
     *
     * @param asked what the user, a record or a plan asks for, if anything
     * @return the order that the pack's features were made in; a pack that states none is of an older version, which
     *     resized first
     * @throws InvalidInputException if the other is asked for, unless it makes no difference to the pack's images
     */
    public ColorOrder order(Optional<ColorOrder> asked) {
        return PackChecks.order(file, facts, dependOnOrder.isPresent(), asked);
    }

    private byte[] digest(String path) {
        int row = row(path);
        byte[] digest = new byte[RowFormat.DIGESTS.bytes()];
        images.slice(row * digest.length, digest.length).get(digest);
        return digest;
    }

    private void read(String path, int view, float[] target, int offset) {
        Integer row = rows.get(path);
        if (row == null || view >= views.size() || view != View.CENTRE && row >= trainRows) {
            throw new InvalidInputException("feature pack " + file + " has no view " + view + " of image "
                    + Quoted.of(path) + ". Make a new pack.");
        }
        int rowBytes = width * stored.bytes();
        ByteBuffer bytes = (view == View.CENTRE ? centre : views.get(view))
                .slice(row * rowBytes, rowBytes)
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[width];
        stored.toFloats(bytes, values, 0, width);
        wanted.round(values);
        System.arraycopy(values, 0, target, offset, width);
    }

    /** Tells whether the pack states a fact that packs of earlier versions do not. */
    boolean tells(String fact) {
        return facts.containsKey(fact);
    }

    /**
     * Tells whether the pack says the same of itself, beside its digest and the warnings of its data set, and is of images
     * with these digests.
     */
    boolean holds(Map<String, String> expected, byte[][] imageDigests) {
        Map<String, String> others = new HashMap<>(facts);
        others.put(PackKeys.DIGEST, expected.get(PackKeys.DIGEST));
        others.computeIfPresent(PackKeys.DATASET, (key, text) -> PackContent.withoutWarnings(text));
        Map<String, String> wantedFacts = new HashMap<>(expected);
        wantedFacts.computeIfPresent(PackKeys.DATASET, (key, text) -> PackContent.withoutWarnings(text));
        ByteBuffer joined = ByteBuffer.allocate(images.capacity());
        for (byte[] digest : imageDigests) {
            joined.put(digest);
        }
        return others.equals(wantedFacts) && joined.flip().equals(images);
    }

    /**
     * Returns the data set whose features these are.
     *
     * @return its image root and folder are the pack itself
     */
    public Dataset dataset() {
        return dataset;
    }

    /**
     * Returns the precision of use.
     *
     * @return after {@link #at}, what that decided
     */
    public FeaturePrecision precision() {
        return wanted;
    }

    /**
     * Returns how many random views of each training image there are.
     *
     * @return at least 0
     */
    public int views() {
        return views.size();
    }

    /**
     * Returns what the pack's maker says of the images' licence.
     *
     * @return empty if nothing is said
     */
    public Optional<String> licence() {
        return Optional.ofNullable(facts.get(PackKeys.LICENCE));
    }
}
