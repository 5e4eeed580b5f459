package dev.metaprompt.episode;

import dev.metaprompt.RandomStream;
import java.util.ArrayList;
import java.util.List;

/** Draws the tasks of a meta-iteration: classes without replacement, images of each class anew for each task. */
public final class EpisodeSampler {
    private final EpisodeOptions options;
    private final int baseClasses;
    private final int shots;
    private final long seed;

    /**
     * Creates the sampler.
     *
     * @param options the shape of an episode
     * @param baseClasses number of base classes C
     * @param shots training images a class; image j of class c has index c · shots + j
     * @param seed the run's seed
     * @throws dev.metaprompt.InvalidInputException if a task cannot be drawn
     */
    public EpisodeSampler(EpisodeOptions options, int baseClasses, int shots, long seed) {
        options.check(baseClasses, shots);
        this.options = options;
        this.baseClasses = baseClasses;
        this.shots = shots;
        this.seed = seed;
    }

    /**
     * Draws the tasks of a step.
     *
     * @param step the meta-iteration, from 1
     * @return the tasks
     */
    public List<Task> draw(long step) {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < options.tasks(); i++) {
            tasks.add(draw(RandomStream.of(seed, "episode", step, i)));
        }
        return tasks;
    }

    private Task draw(RandomStream random) {
        int way = options.way();
        int[] classes = random.sample(baseClasses, way);
        int[][] support = new int[way][options.shot()];
        int[][] query = new int[way][options.query()];
        for (int i = 0; i < way; i++) {
            int[] images = random.sample(shots, options.imagesPerClass());
            for (int j = 0; j < images.length; j++) {
                int index = classes[i] * shots + images[j];
                if (j < options.shot()) {
                    support[i][j] = index;
                } else {
                    query[i][j - options.shot()] = index;
                }
            }
        }
        return new Task(classes, options.shuffleSupport() ? rotate(support) : support, query);
    }

    private static int[][] rotate(int[][] support) {
        int[][] rotated = new int[support.length][];
        for (int i = 0; i < support.length; i++) {
            rotated[i] = support[(i + 1) % support.length];
        }
        return rotated;
    }
}
