package dev.metaprompt.config;

import dev.metaprompt.InvalidInputException;

/** Checks of several keys together; each throws {@link InvalidInputException} with one line. */
public final class CrossChecks {
    private CrossChecks() {}

    /**
     * Checks what needs no data: 1 ≤ shot &lt; episode.imagesPerClass ≤ dataset.shots for episodic methods, the warm-up,
     * and the ways to choose classes.
     *
     * @param c the values
     */
    static void check(Configuration c) {
        if (Keys.EPISODIC_METHODS.contains(c.text("method"))) {
            require(
                    c.integer("shot") < c.integer("episode.imagesPerClass"),
                    c.describe("shot") + " but " + c.describe("episode.imagesPerClass")
                            + "; allowed: 1 to " + (c.integer("episode.imagesPerClass") - 1)
                            + ", so that query images are left. Lower shot or raise episode.imagesPerClass.");
            require(
                    c.integer("episode.imagesPerClass") <= c.integer("dataset.shots"),
                    c.describe("episode.imagesPerClass") + " but " + c.describe("dataset.shots")
                            + "; allowed: 2 to " + c.integer("dataset.shots")
                            + ". Lower episode.imagesPerClass or raise dataset.shots.");
        }
        require(
                c.integer("train.warmupEpochs") <= c.integer("train.epochs"),
                c.describe("train.warmupEpochs") + " but " + c.describe("train.epochs") + "; allowed: 0 to "
                        + c.integer("train.epochs") + ". Lower train.warmupEpochs or raise train.epochs.");
        checkClasses(c);
    }

    private static void checkClasses(Configuration c) {
        boolean base = c.value("dataset.classes.base").isPresent();
        boolean explicitNew = c.value("dataset.classes.new").isPresent();
        require(
                base || !explicitNew,
                c.describe("dataset.classes.new")
                        + " but dataset.classes.base is unset. Set both, or dataset.classes.base alone.");
        require(
                !base || c.origin("dataset.classSplit").equals("default"),
                c.describe("dataset.classSplit") + " but dataset.classes.base is given too ("
                        + c.origin("dataset.classes.base") + "). Keep one of them.");
        for (String name : c.names("dataset.classes.new")) {
            require(
                    !c.names("dataset.classes.base").contains(name),
                    "dataset.classes.new (" + c.origin("dataset.classes.new") + ") names " + Messages.shown(name)
                            + ", which dataset.classes.base has too. Name it in one of them.");
        }
    }

    /**
     * Checks the way against the data.
     *
     * @param c the values
     * @param baseClasses how many base classes there are
     */
    public static void checkWay(Configuration c, int baseClasses) {
        require(
                baseClasses >= 2,
                "the dataset has " + baseClasses + " base class(es); an episode needs at least 2. Name more in"
                        + " dataset.classes.base or use another dataset.");
        require(
                c.integer("way") <= baseClasses,
                c.describe("way") + " but there are " + baseClasses + " base classes; allowed: 2 to " + baseClasses
                        + ". Lower it, for example -Dway=" + Math.min(5, baseClasses) + ".");
    }

    /**
     * Chooses or checks the number of attention heads.
     *
     * @param c the values
     * @param width the projection width d, at least 1
     * @return {@code crossAttention.heads}, or for {@code auto} the largest divisor of d that is at most 8
     */
    public static int heads(Configuration c, int width) {
        int chosen = c.autoInteger("crossAttention.heads").orElseGet(() -> largestDivisor(width));
        require(
                width % chosen == 0,
                c.describe("crossAttention.heads") + " but the model's projection width is " + width
                        + "; allowed: auto or a divisor of " + width + ". Use " + largestDivisor(width) + " or auto.");
        return chosen;
    }

    private static int largestDivisor(int width) {
        int heads = 8;
        while (width % heads != 0) {
            heads--;
        }
        return heads;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new InvalidInputException(message);
        }
    }
}
