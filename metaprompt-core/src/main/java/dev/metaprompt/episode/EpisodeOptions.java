package dev.metaprompt.episode;

import dev.metaprompt.InvalidInputException;

/**
 * The shape of an episode.
 *
 * @param way N, classes of a task, 2 ≤ N ≤ number of base classes
 * @param shot K, support images a class, 1 ≤ K &lt; imagesPerClass
 * @param imagesPerClass K + Q, images a class in a task, at most {@code dataset.shots}
 * @param tasks tasks of a meta-iteration, at least 1
 * @param shuffleSupport gives each class another class's supports (a control)
 */
public record EpisodeOptions(int way, int shot, int imagesPerClass, int tasks, boolean shuffleSupport) {
    /**
     * Returns the number of query images of a class.
     *
     * @return Q = imagesPerClass − shot
     */
    public int query() {
        return imagesPerClass - shot;
    }

    /**
     * Compares the shape with the data.
     *
     * @param baseClasses number of base classes
     * @param shots training images a class
     * @throws InvalidInputException if a task cannot be drawn
     */
    public void check(int baseClasses, int shots) {
        if (way < 2 || way > baseClasses) {
            throw new InvalidInputException("way is " + way + "; the data set has " + baseClasses
                    + " base classes. Use 2 to " + baseClasses + ".");
        }
        if (imagesPerClass < 2 || imagesPerClass > shots) {
            throw new InvalidInputException("episode.imagesPerClass is " + imagesPerClass + "; dataset.shots is "
                    + shots + ". Use 2 to " + shots + ", or raise dataset.shots.");
        }
        if (shot < 1 || shot >= imagesPerClass) {
            throw new InvalidInputException("shot is " + shot + "; episode.imagesPerClass is " + imagesPerClass
                    + " and at least one image must remain as query. Use 1 to " + (imagesPerClass - 1) + ".");
        }
    }
}
