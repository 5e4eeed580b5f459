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
     * Returns the number of steps of one pass over the images.
     *
     * @return ⌊images / batch⌋, at least 1
     */
    public int iterations() {
        return images / batch;
    }

    /**
     * Draws one mini-batch.
     *
     * @param step counted from 0 over the whole training; every {@link #iterations()} steps a new order begins
     * @return indices into the few-shot training set
     */
    public int[] draw(long step) {
        int[] order = RandomStream.of(seed, "batch", step / iterations()).sample(images, images);
        int position = (int) (step % iterations());
        return Arrays.copyOfRange(order, position * batch, (position + 1) * batch);
    }
}
