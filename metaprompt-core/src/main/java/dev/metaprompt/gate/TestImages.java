package dev.metaprompt.gate;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.RunDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * The test images of a split, in the order of their paths.
 *
 * @param count how many
 * @param sha256 of the lines {@code path <tab> label}, sorted
 */
record TestImages(int count, String sha256) {
    /** The images of a split, and which of them a run got right. */
    record Scored(TestImages images, BitSet correct) {
        double accuracy() {
            return 100.0 * correct.cardinality() / images.count();
        }
    }

    /**
     * Reads a split of a run.
     *
     * @param run a finished run
     * @param split {@code base} or {@code new}
     * @param accuracy what the run's record says of the split, in percent
     * @throws InvalidInputException if its predictions are missing, damaged or say something else
     */
    static Scored read(RunDirectory run, String split, double accuracy) {
        Path file = run.file(RunDirectory.PREDICTIONS);
        List<Prediction> rows = Predictions.read(file).stream()
                .filter(row -> row.split().equals(split))
                .sorted(Comparator.comparing(Prediction::image).thenComparing(Prediction::label))
                .toList();
        StringBuilder lines = new StringBuilder();
        BitSet correct = new BitSet(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            Prediction row = rows.get(i);
            lines.append(row.image()).append('\t').append(row.label()).append('\n');
            correct.set(i, row.predicted().equals(row.label()));
        }
        String digest = Sha256.hex(lines.toString().getBytes(StandardCharsets.UTF_8));
        Scored scored = new Scored(new TestImages(rows.size(), digest), correct);
        if (rows.isEmpty() || !(Math.abs(scored.accuracy() - accuracy) < 1e-6)) {
            throw new InvalidInputException(file + ": of " + rows.size() + " " + split + " images "
                    + correct.cardinality() + " are right, but " + RunDirectory.RECORD + " beside it says " + accuracy
                    + " percent. One of the files was changed; train the run anew.");
        }
        return scored;
    }
}
