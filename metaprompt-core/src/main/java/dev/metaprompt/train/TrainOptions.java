package dev.metaprompt.train;

/**
 * Choices of the optimisation.
 *
 * @param epochs E, at least 1
 * @param iterations meta-iterations an epoch, for episodic methods
 * @param batch images a step, for mini-batch methods
 * @param learningRate lr₀
 * @param momentum μ
 * @param weightDecay wd
 * @param schedule of the learning rate over epochs
 * @param warmupEpochs epochs at the warm-up rate
 * @param warmupLearningRate the warm-up rate
 * @param select which epoch's parameters are the result
 */
public record TrainOptions(
        int epochs,
        int iterations,
        int batch,
        double learningRate,
        double momentum,
        double weightDecay,
        Schedule schedule,
        int warmupEpochs,
        double warmupLearningRate,
        Selection select) {
    /** How the learning rate changes. */
    public enum Schedule {
        /** Half a cosine, recounted from the end of warm-up with period E, so never 0. */
        COSINE,
        /** lr₀ throughout. */
        CONSTANT
    }

    /** Which epoch's parameters are the result. */
    public enum Selection {
        /** The last, as CoOp. */
        LAST,
        /** The one with the highest accuracy on validation images; the first of equals. */
        BEST_VAL
    }

    /**
     * Returns the learning rate of an epoch.
     *
     * @param epoch from 0
     * @return ½·lr₀·(1 + cos(π·(epoch − warm-up)/E)), or the warm-up rate
     */
    public double learningRateAt(int epoch) {
        if (epoch < warmupEpochs) {
            return warmupLearningRate;
        }
        if (schedule == Schedule.CONSTANT) {
            return learningRate;
        }
        return 0.5 * learningRate * (1 + StrictMath.cos(StrictMath.PI * (epoch - warmupEpochs) / epochs));
    }
}
