package dev.metaprompt.statistics;

import dev.metaprompt.RandomStream;
import java.util.Arrays;
import java.util.List;

/**
 * Hierarchical paired bootstrap of a drop, over seeds and over test images.
 *
 * <p>Seeds share their test images, so neither resampling seeds nor resampling images alone tells how far the drop
 * would be off with other seeds <em>and</em> other images. Each replicate draws images once for all seeds and both
 * models (base and new images separately), takes every seed's drop on them, and draws seeds.
 *
 * <p>Two corrections, without which the gate would alarm too often with few seeds and too rarely with many:
 *
 * <ol>
 *   <li>n − 1 of n seeds are drawn, which makes the bootstrap variance over seeds {@code s² / n} instead of
 *       {@code s² (n − 1) / n²} (McCarthy and Snowden, "The Bootstrap and Finite Population Sampling", 1985); quantiles
 *       come from Student's distribution, see {@link Drop}, since two or three seeds have no quantiles of their own.
 *   <li>Resampling both ways counts the noise of single predictions (seed by image) three times (Owen, "The pigeonhole
 *       bootstrap", 2007). The surplus over the two one-way variances is an estimate of that noise; the variance used
 *       is {@code seeds + images − surplus}, and at least the larger of the two.
 * </ol>
 */
public final class PairedBootstrap {
    private static final int REPLICATES = 10_000;
    private final List<PatternCounts> splits;
    private final int seeds;

    private PairedBootstrap(List<PairedSplit> splits) {
        this.splits = splits.stream().map(PatternCounts::new).toList();
        this.seeds = splits.get(0).seeds();
    }

    /**
     * Estimates a drop from {@value #REPLICATES} replicates.
     *
     * @param splits one, whose figure is the accuracy, or two (base and new), whose figure is the harmonic mean; the
     *     figure of several seeds is the mean of the seeds' figures
     * @param random where the resamples come from
     * @return the drop of the figure, in points
     * @throws IllegalArgumentException if there is another number of splits, or they differ in their seeds
     */
    public static Drop drop(List<PairedSplit> splits, RandomStream random) {
        return drop(splits, random, REPLICATES);
    }

    static Drop drop(List<PairedSplit> splits, RandomStream random, int replicates) {
        boolean sameSeeds = splits.stream().map(PairedSplit::seeds).distinct().count() == 1;
        if (splits.size() > 2 || !sameSeeds) {
            throw new IllegalArgumentException(splits.size() + " splits, or seeds that do not pair");
        }
        return new PairedBootstrap(splits).estimate(random, replicates);
    }

    private Drop estimate(RandomStream random, int replicates) {
        splits.forEach(PatternCounts::reset);
        double[] observed = drops();
        double[] byImages = new double[replicates];
        double[] byBoth = new double[replicates];
        for (int replicate = 0; replicate < replicates; replicate++) {
            splits.forEach(split -> split.resample(random));
            double[] drops = drops();
            byImages[replicate] = mean(drops);
            byBoth[replicate] = seeds == 1 ? 0 : meanOfDrawn(drops, random);
        }
        double images = variance(byImages);
        if (seeds == 1) {
            return new Drop(1, observed[0], 0, images);
        }
        // What drawing n − 1 seeds without touching the images would give, without the noise of drawing.
        double ofSeeds = variance(observed) / seeds;
        double surplus = Math.max(0, variance(byBoth) - ofSeeds - images);
        double total = Math.max(ofSeeds + images - surplus, Math.max(ofSeeds, images));
        return new Drop(seeds, mean(observed), ofSeeds, total - ofSeeds);
    }

    /** Returns each seed's drop on the images drawn. */
    private double[] drops() {
        double[] first = splits.get(0).accuracies();
        double[] figures = first;
        if (splits.size() == 2) {
            double[] second = splits.get(1).accuracies();
            figures = new double[first.length];
            for (int run = 0; run < figures.length; run++) {
                figures[run] = HarmonicMean.of(first[run], second[run]);
            }
        }
        double[] drops = new double[seeds];
        for (int seed = 0; seed < seeds; seed++) {
            drops[seed] = figures[seed] - figures[seeds + seed];
        }
        return drops;
    }

    private static double meanOfDrawn(double[] drops, RandomStream random) {
        double sum = 0;
        for (int draw = 1; draw < drops.length; draw++) {
            sum += drops[random.nextInt(drops.length)];
        }
        return sum / (drops.length - 1);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
    }
}
