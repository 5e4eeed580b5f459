package dev.metaprompt.statistics;

import dev.metaprompt.RandomStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Runs as the gate meets them: images differ in difficulty, which all runs share; every run has luck of its own; a code
 * version may suit some images better than another; and single predictions are noisy.
 *
 * @param seeds pairs of runs
 * @param images of a split
 * @param luck standard deviation of a run's own shift
 * @param version standard deviation of a version's shift of an image
 */
record SimulatedRuns(int seeds, int images, double luck, double version) {
    private static final double EASE = 0.6;
    private static final double DIFFICULTY = 1;
    private static final double NOISE = 0.4;

    /** Draws base and new splits; the current version is harder by a shift, in units of the image's difficulty. */
    List<PairedSplit> draw(RandomStream random, double harder) {
        return List.of(split(random, EASE, harder), split(random, EASE / 2, harder));
    }

    private PairedSplit split(RandomStream random, double ease, double harder) {
        double[] difficulty = normal(random, images, DIFFICULTY);
        return new PairedSplit(images, runs(random, ease, difficulty), runs(random, ease - harder, difficulty));
    }

    private List<BitSet> runs(RandomStream random, double ease, double[] difficulty) {
        double[] taste = normal(random, images, version);
        List<BitSet> runs = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            double own = luck * random.nextGaussian();
            BitSet right = new BitSet(images);
            for (int image = 0; image < images; image++) {
                right.set(image, ease + own + taste[image] + NOISE * random.nextGaussian() > difficulty[image]);
            }
            runs.add(right);
        }
        return runs;
    }

    private static double[] normal(RandomStream random, int count, double deviation) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = deviation * random.nextGaussian();
        }
        return values;
    }
}
