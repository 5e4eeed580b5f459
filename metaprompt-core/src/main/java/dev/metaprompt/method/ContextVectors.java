package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.RandomStream;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.text.SoftPrompt;

/** The context vectors v_1..v_n as they are before training. */
public final class ContextVectors {
    /** Name of the tensor in the run's files. */
    public static final String NAME = "prompt.context";

    private static final double RANDOM_DEVIATION = 0.02;

    private ContextVectors() {}

    /**
     * Makes the context vectors.
     *
     * @param manager owner of the result
     * @param model the frozen model
     * @param prompt their number and the init text; without one they are drawn from N(0, 0.02²)
     * @param seed the run's seed
     * @return [n, W]
     */
    public static NDArray initial(NDManager manager, ClipModel model, SoftPrompt prompt, long seed) {
        if (prompt.initIds().isPresent()) {
            NDArray embeddings = model.textEncoder()
                    .embed(manager, new int[][] {prompt.initIds().get()});
            return embeddings.squeeze(0).duplicate();
        }
        int width = model.config().text().width();
        float[] values = new float[prompt.length() * width];
        RandomStream random = RandomStream.of(seed, ContextVectors.NAME);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (RANDOM_DEVIATION * random.nextGaussian());
        }
        return manager.create(values, new Shape(prompt.length(), width));
    }
}
