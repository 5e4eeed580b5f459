package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes the draw that {@code dataset.draw} names. */
public final class ShotDraws {
    private static final String SEED = "seed";
    private static final String COOP = "coop";
    private static final String FILE = "file:";

    private ShotDraws() {}

    /**
     * Makes a draw.
     *
     * @param value {@code seed} for {@link FewShotDraw}; {@code coop} or {@code coop:<seed>} for CoOp's own, with the
     *     run's seed or another; {@code file:<path>} for the images that a file lists
     * @param baseDirectory where a relative path starts
     * @param dataset where from
     * @param shots images a class, {@code dataset.shots}, at least 1
     * @param seed the run's seed
     * @return the draw
     * @throws InvalidInputException if the value is another, or the file does not fit the dataset
     */
    public static ShotDraw of(String value, Path baseDirectory, Dataset dataset, int shots, long seed) {
        requireShots(shots);
        if (value.equals(SEED)) {
            return bySeed(dataset, seed);
        }
        if (value.equals(COOP)) {
            return new CoopDraw(dataset, shots, seed);
        }
        if (value.matches(COOP + ":\\d{1,18}")) {
            return new CoopDraw(dataset, shots, Long.parseLong(value.substring(COOP.length() + 1)));
        }
        if (value.startsWith(FILE) && value.length() > FILE.length()) {
            Path file = baseDirectory.resolve(value.substring(FILE.length())).normalize();
            return new ListedDraw(file, baseDirectory, dataset, bySeed(dataset, seed));
        }
        throw new InvalidInputException("dataset.draw is " + Quoted.of(value)
                + "; allowed is seed, coop, coop:<seed> or file:<path>: for example coop:1.");
    }

    private static ShotDraw bySeed(Dataset dataset, long seed) {
        return new ShotDraw() {
            @Override
            public Map<String, List<LabeledImage>> train(List<String> classes, int count) {
                return FewShotDraw.draw(dataset, classes, count, seed);
            }

            @Override
            public Map<String, List<LabeledImage>> validation(List<String> classes) {
                return FewShotDraw.validation(dataset, classes, seed);
            }
        };
    }

    static void requireShots(int shots) {
        if (shots < 1) {
            throw new InvalidInputException(
                    "dataset.shots is " + shots + "; allowed is 1 or more: set -Dmetaprompt.dataset.shots.");
        }
    }
}
