package dev.metaprompt.pretrain;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.metaprompt.clip.ClipConfig;
import dev.metaprompt.clip.ClipWeights;
import dev.metaprompt.clip.ImageEncoder;
import dev.metaprompt.clip.TextEncoder;
import dev.metaprompt.tensor.Safetensors;
import dev.metaprompt.text.Tokenizer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The model in training: all weights, the optimiser and one step. Owns the arrays; a step's own are gone after it. */
final class ContrastiveTrainer implements AutoCloseable {
    private static final double DECAY = 0.1;
    private static final double CLIP_NORM = 1;
    private static final float LARGEST_LOGIT_SCALE = (float) StrictMath.log(100);

    private final NDManager manager;
    private final ClipConfig config;
    private final Tokenizer tokenizer;
    private final ClipWeights weights;
    private final List<NDArray> parameters;
    private final AdamW optimizer;
    private final Map<String, int[]> tokens = new HashMap<>();

    /** Creates the untrained model of a seed on a device. */
    ContrastiveTrainer(ClipConfig config, Tokenizer tokenizer, long seed, Device device) {
        this.manager = NDManager.newBaseManager(device);
        this.config = config;
        this.tokenizer = tokenizer;
        weights = ClipWeights.of(config, new InitialWeights(manager, config, seed));
        parameters = List.copyOf(weights.arrays().values());
        optimizer = new AdamW(manager, parameters, DECAY);
    }

    /** Takes up a checkpoint's state, if there is one; returns the steps already done. */
    int resume(Checkpoint checkpoint, List<Map<String, Object>> losses) {
        int steps = checkpoint.restore(Checkpoint.state(weights.arrays(), optimizer), losses);
        optimizer.resume(steps);
        parameters.forEach(array -> array.setRequiresGradient(true));
        return steps;
    }

    void write(Checkpoint checkpoint, int steps, List<Map<String, Object>> losses) {
        checkpoint.write(steps, Checkpoint.state(weights.arrays(), optimizer), losses);
    }

    void write(Path file) {
        try (NDManager own = manager.newSubManager()) {
            Safetensors.write(file, weights.toTransformers(own, config.patch()), Map.of("format", "pt"));
        }
    }

    /** Takes one step; returns the loss before it. */
    @SuppressWarnings("try")
    double step(Batch batch, double learningRate) {
        try (NDScope scope = new NDScope()) {
            double loss = backward(batch);
            List<NDArray> gradients =
                    parameters.stream().map(NDArray::getGradient).toList();
            clip(gradients);
            optimizer.step(gradients, learningRate);
            gradients.forEach(gradient -> gradient.muli(0));
            limit(weights.logitScale());
            return loss;
        }
    }

    private double backward(Batch batch) {
        int side = config.imageSize();
        int count = batch.pixels().length / (3 * side * side);
        int[][] ids = batch.texts().stream()
                .map(text -> tokens.computeIfAbsent(text, tokenizer::encode))
                .toArray(int[][]::new);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray pixels = manager.create(batch.pixels(), new Shape(count, 3, side, side));
            NDArray images = ImageEncoder.trainable(config, weights).encode(pixels);
            NDArray texts = TextEncoder.trainable(config, weights).encode(manager, ids);
            NDArray menus = choose(batch.rows(), ids.length).matMul(texts);
            NDArray loss = ContrastiveLoss.of(images, menus, weights.logitScale(), batch.menus());
            collector.backward(loss);
            return loss.getFloat();
        }
    }

    /** One-hot rows: a product with them picks, and its gradient adds up, in a fixed order. */
    private NDArray choose(int[] rows, int from) {
        float[] choice = new float[rows.length * from];
        for (int i = 0; i < rows.length; i++) {
            choice[i * from + rows[i]] = 1;
        }
        return manager.create(choice, new Shape(rows.length, from));
    }

    private static void clip(List<NDArray> gradients) {
        double sum = 0;
        for (NDArray gradient : gradients) {
            sum += gradient.square().sum().getFloat();
        }
        double norm = Math.sqrt(sum);
        if (!Double.isFinite(norm)) {
            throw new IllegalStateException("the gradient is not finite: use a smaller pretrain.learningRate");
        }
        if (norm > CLIP_NORM) {
            gradients.forEach(gradient -> gradient.muli((float) (CLIP_NORM / norm)));
        }
    }

    private static void limit(NDArray logitScale) {
        float value = logitScale.getFloat();
        if (value > LARGEST_LOGIT_SCALE) {
            logitScale.subi(value - LARGEST_LOGIT_SCALE);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
