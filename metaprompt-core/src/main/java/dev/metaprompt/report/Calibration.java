package dev.metaprompt.report;

import dev.metaprompt.run.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How far a prediction's probability can be believed: accuracy beside mean probability in {@link #BINS} bins of equal
 * width, and the expected calibration error. Source: Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural
 * Networks", ICML 2017, eq. (3).
 *
 * @param bins from probability 0 to 1
 */
record Calibration(List<Bin> bins) {
    /** How many bins. */
    static final int BINS = 15;

    /**
     * The predictions whose probability lies in one bin.
     *
     * @param count how many
     * @param probability their mean probability; 0 for none
     * @param accuracy the share of correct ones, 0 to 1; 0 for none
     */
    record Bin(int count, double probability, double accuracy) {}

    static Calibration of(List<Prediction> predictions) {
        int[] count = new int[BINS];
        int[] correct = new int[BINS];
        double[] sum = new double[BINS];
        for (Prediction p : predictions) {
            // The upper end belongs to the bin, as in the source.
            int bin = Math.max(0, Math.min(BINS - 1, (int) Math.ceil(p.probability() * BINS) - 1));
            count[bin]++;
            sum[bin] += p.probability();
            correct[bin] += p.predicted().equals(p.label()) ? 1 : 0;
        }
        List<Bin> bins = new ArrayList<>();
        for (int i = 0; i < BINS; i++) {
            bins.add(
                    count[i] == 0
                            ? new Bin(0, 0, 0)
                            : new Bin(count[i], sum[i] / count[i], (double) correct[i] / count[i]));
        }
        return new Calibration(List.copyOf(bins));
    }

    /** Returns the expected calibration error, 0 to 1. */
    double error() {
        int all = bins.stream().mapToInt(Bin::count).sum();
        return bins.stream()
                .mapToDouble(bin -> bin.count * Math.abs(bin.accuracy - bin.probability) / Math.max(1, all))
                .sum();
    }

    /** Returns the expected calibration error of some predictions in percent; absent for none. */
    static OptionalDouble percent(List<Prediction> predictions) {
        return predictions.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(100 * of(predictions).error());
    }

    /** Returns the predictions of a split. */
    static List<Prediction> half(List<Prediction> predictions, String split) {
        return predictions.stream().filter(p -> p.split().equals(split)).toList();
    }
}
