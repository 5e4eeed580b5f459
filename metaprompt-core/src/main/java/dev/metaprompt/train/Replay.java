package dev.metaprompt.train;

import dev.metaprompt.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Compares a record with the training that repeats it, step by step while that goes on: episodes exactly, initial
 * tensors bit for bit, losses and learned tensors as computed numbers.
 */
public final class Replay implements AutoCloseable {
    private static final double SAME = 1e-9;

    private final Path record;
    private final Path replay;
    private final boolean complete;
    private final Agreement agreement;
    private final double imageOfBase;
    private final double imageOfNew;
    private final LinePair episodes;
    private final LinePair metrics;
    private final LinePair epochs;
    private boolean begun;

    /**
     * Begins to compare.
     *
     * @param record the run's directory
     * @param replay the folder that the repeated training is written into
     * @param complete whether the run was finished; of any other, what is there is compared
     * @param baseImages test images of base classes
     * @param newImages test images of new classes
     * @param agreement hears what was found
     */
    public Replay(Path record, Path replay, boolean complete, int baseImages, int newImages, Agreement agreement) {
        this.record = record;
        this.replay = replay;
        this.complete = complete;
        this.agreement = agreement;
        this.imageOfBase = 100.0 / baseImages;
        this.imageOfNew = 100.0 / Math.max(1, newImages);
        this.episodes = pair(RunDirectory.EPISODES, "step", this::exactly);
        this.metrics = pair(RunDirectory.METRICS, "step", this::metric);
        this.epochs = pair(RunDirectory.EPOCHS, "epoch", this::epochFigure);
    }

    private LinePair pair(String name, String counter, LinePair.Numbers numbers) {
        return new LinePair(record, replay, name, counter, complete, agreement, numbers, Set.of("seconds"));
    }

    private void exactly(String where, String field, double recorded, double replayed) {
        agreement.same(where, shown(recorded), shown(replayed));
    }

    private static String shown(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : String.valueOf(value);
    }

    private void metric(String where, String field, double recorded, double replayed) {
        switch (field) {
            case "step", "epoch" -> exactly(where, field, recorded, replayed);
            case "learningRate" -> agreement.close(where, recorded, replayed, Double.MIN_NORMAL, SAME);
            default -> agreement.close(where, recorded, replayed);
        }
    }

    private void epochFigure(String where, String field, double recorded, double replayed) {
        switch (field) {
            case "epoch" -> exactly(where, field, recorded, replayed);
            case "textAccuracy", "multimodalAccuracy" -> agreement.percent(where, recorded, replayed, imageOfBase);
            case "gap" -> agreement.percent(where, recorded, replayed, 2 * imageOfBase);
            case "newTextAccuracy" -> agreement.percent(where, recorded, replayed, imageOfNew);
            default -> agreement.close(where, recorded, replayed);
        }
    }

    /**
     * Requires the files that a finished run has, so that a missing one is told before anything is computed.
     *
     * @param names of files in the run's directory
     */
    public void requireFiles(List<String> names) {
        for (String name : names) {
            if (complete && !Files.isRegularFile(record.resolve(name))) {
                throw agreement.difference(name, "no such file", "a file");
            }
        }
    }

    /**
     * Compares what the training has written since the last call; to be called before every step.
     *
     * @return whether the record goes on, so that a further step can be compared
     * @throws dev.metaprompt.InvalidInputException at the first difference
     */
    public boolean goesOn() {
        advance();
        return complete || episodes.more() || metrics.more() || epochs.more();
    }

    private void advance() {
        if (!begun && Files.exists(replay.resolve(RunDirectory.INITIAL))) {
            tensors(RunDirectory.INITIAL, true);
            begun = true;
        }
        episodes.advance();
        metrics.advance();
        epochs.advance();
    }

    /**
     * Compares what is left when the training has ended: that neither has lines of its own, and the learned tensors.
     *
     * @throws dev.metaprompt.InvalidInputException at the first difference
     */
    public void end() {
        advance();
        episodes.end();
        metrics.end();
        epochs.end();
        tensors(RunDirectory.CONTEXTS, false);
        tensors(RunDirectory.LEARNED, false);
    }

    private void tensors(String name, boolean bits) {
        boolean recorded = Files.isRegularFile(record.resolve(name));
        boolean replayed = Files.isRegularFile(replay.resolve(name));
        if (recorded && replayed) {
            new TensorPair(name, agreement).compare(record, replay, bits, complete);
        } else if (complete && recorded != replayed) {
            throw agreement.difference(name, file(recorded), file(replayed));
        }
    }

    private static String file(boolean there) {
        return there ? "a file" : "no such file";
    }

    /**
     * Returns how many steps agreed.
     *
     * @return lines of {@code metrics.jsonl}
     */
    public long steps() {
        return metrics.lines();
    }

    @Override
    public void close() {
        episodes.close();
        metrics.close();
        epochs.close();
    }
}
