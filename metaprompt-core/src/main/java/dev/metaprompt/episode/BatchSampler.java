package dev.metaprompt.episode;

import dev.metaprompt.RandomStream;
import java.util.Arrays;

/**
 * Draws the mini-batches of methods without episodes as CoOp's loader does: a new order every epoch, a last partial
 * batch is dropped when the set is at least one batch.
 */
public final class BatchSampler {
    private final int images;
    private final int batch;
    private final long seed;

    /**
     * Creates the sampler.
     *
     * @param images size of the few-shot training set
     * @param batch images a step, at least 1
     * @param seed the run's seed
     */
    public BatchSampler(int images, int batch, long seed) {
        this.images = images;
        this.batch = Math.min(batch, images);
        this.seed = seed;
    }

    /**
     * Returns the number of steps of an epoch.
     *
     * @return ⌊images / batch⌋, at least 1
     */
    public int iterations() {
        return images / batch;
    }

    /**
     * Draws one mini-batch.
     *
     * @param epoch from 0
     * @param iteration 0 ≤ iteration &lt; {@link #iterations()}
     * @return indices into the few-shot training set
     */
    public int[] draw(int epoch, int iteration) {
        int[] order = RandomStream.of(seed, "batch", epoch).sample(images, images);
        return Arrays.copyOfRange(order, iteration * batch, (iteration + 1) * batch);
    }
}
