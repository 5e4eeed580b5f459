package dev.metaprompt.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.FewShotDraw;
import dev.metaprompt.data.LabeledImage;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.image.ImagePipeline;
import dev.metaprompt.text.PromptTemplate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a model leaves prompts something to find on a data set: zero-shot accuracy by the names against the accuracy
 * of a linear probe on the same frozen features.
 */
public final class Headroom {
    /** The templates that are measured. */
    public static final List<String> TEMPLATES = List.of("a photo of a {}.", "{} texture.");

    private static final int BATCH = 200;
    private final ClipModel model;
    private final ImagePipeline pipeline;
    private final Dataset dataset;
    private final Map<String, float[]> features = new HashMap<>();

    /**
     * Accuracies in percent on one half of the classes.
     *
     * @param zeroShot by template, in the order of {@link #TEMPLATES}
     * @param probe of linear probes, one a draw
     */
    public record Half(List<Double> zeroShot, List<Double> probe) {}

    /**
     * Creates the measurement.
     *
     * @param model a model; stays open
     * @param dataset a data set with test images
     */
    public Headroom(ClipModel model, Dataset dataset) {
        this.model = model;
        this.dataset = dataset;
        this.pipeline = new ImagePipeline(model.preprocessing());
    }

    /**
     * Measures the base classes and the new ones, as CoOp splits them.
     *
     * @param shots training images a class of the probe
     * @param seeds one draw of training images each
     * @return accuracies under {@code "base"} and {@code "new"}
     */
    public Map<String, Half> measure(int shots, long... seeds) {
        ClassSplit split = ClassSplit.coop(dataset);
        return Map.of("base", half(split.base(), shots, seeds), "new", half(split.newClasses(), shots, seeds));
    }

    private Half half(List<String> classes, int shots, long... seeds) {
        List<LabeledImage> test = dataset.test().stream()
                .filter(image -> classes.contains(image.className()))
                .toList();
        encode(test);
        List<Double> zeroShot = new ArrayList<>();
        for (String template : TEMPLATES) {
            float[][] texts = texts(template, classes);
            zeroShot.add(accuracy(test, classes, feature -> nearest(texts, feature)));
        }
        List<Double> probes = new ArrayList<>();
        for (long seed : seeds) {
            List<LabeledImage> train = FewShotDraw.draw(dataset, classes, shots, seed).values().stream()
                    .flatMap(List::stream)
                    .toList();
            encode(train);
            float[][] x =
                    train.stream().map(image -> features.get(image.path())).toArray(float[][]::new);
            int[] y = train.stream()
                    .mapToInt(image -> classes.indexOf(image.className()))
                    .toArray();
            LinearProbe probe = new LinearProbe(x, y, classes.size(), model.logitScale());
            probes.add(accuracy(test, classes, probe::classify));
        }
        return new Half(List.copyOf(zeroShot), List.copyOf(probes));
    }

    private double accuracy(
            List<LabeledImage> test, List<String> classes, java.util.function.ToIntFunction<float[]> f) {
        long right = test.stream()
                .filter(image ->
                        classes.get(f.applyAsInt(features.get(image.path()))).equals(image.className()))
                .count();
        return 100.0 * right / test.size();
    }

    private static int nearest(float[][] texts, float[] feature) {
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < texts.length; c++) {
            double cosine = 0;
            for (int d = 0; d < feature.length; d++) {
                cosine += (double) texts[c][d] * feature[d];
            }
            if (cosine > highest) {
                highest = cosine;
                best = c;
            }
        }
        return best;
    }

    private void encode(List<LabeledImage> images) {
        List<LabeledImage> missing = images.stream()
                .filter(image -> !features.containsKey(image.path()))
                .toList();
        for (int from = 0; from < missing.size(); from += BATCH) {
            encodeBatch(missing.subList(from, Math.min(missing.size(), from + BATCH)));
        }
    }

    @SuppressWarnings("try")
    private void encodeBatch(List<LabeledImage> images) {
        int side = pipeline.size();
        float[] pixels = new float[images.size() * 3 * side * side];
        for (int i = 0; i < images.size(); i++) {
            byte[] view = pipeline.centerCrop(
                    ImageFiles.read(dataset.imageRoot().resolve(images.get(i).path())));
            pipeline.normalize(view, pixels, i * 3 * side * side);
        }
        try (NDScope scope = new NDScope();
                NDManager manager = NDManager.newBaseManager(model.device())) {
            NDArray input = manager.create(pixels, new Shape(images.size(), 3, side, side));
            float[][] rows = unitRows(model.imageEncoder().encode(input));
            for (int i = 0; i < rows.length; i++) {
                features.put(images.get(i).path(), rows[i]);
            }
        }
    }

    @SuppressWarnings("try")
    private float[][] texts(String template, List<String> classes) {
        int[][] ids = classes.stream()
                .map(name -> PromptTemplate.format(template, PromptTemplate.className(name)))
                .map(model.tokenizer()::encode)
                .toArray(int[][]::new);
        try (NDScope scope = new NDScope();
                NDManager manager = NDManager.newBaseManager(model.device())) {
            return unitRows(model.textEncoder().encode(manager, ids));
        }
    }

    private static float[][] unitRows(NDArray features) {
        int width = (int) features.getShape().get(1);
        float[] flat =
                features.div(features.square().sum(new int[] {1}, true).sqrt()).toFloatArray();
        float[][] rows = new float[flat.length / width][width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(flat, i * width, rows[i], 0, width);
        }
        return rows;
    }
}
