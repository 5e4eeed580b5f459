package dev.metaprompt.train;

import dev.metaprompt.episode.BatchSampler;
import dev.metaprompt.episode.EpisodeSampler;
import dev.metaprompt.episode.Task;
import dev.metaprompt.feature.TrainingFeatures;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Decides what each step uses: a function of the seed and the step. */
public final class StepPlanner {
    private final EpisodeSampler episodes;
    private final BatchSampler batches;
    private final int iterations;
    private final TrainingFeatures features;
    private final long seed;

    private StepPlanner(
            EpisodeSampler episodes, BatchSampler batches, int iterations, TrainingFeatures features, long seed) {
        this.episodes = episodes;
        this.batches = batches;
        this.iterations = iterations;
        this.features = features;
        this.seed = seed;
    }

    /**
     * Plans episodes.
     *
     * @param sampler draws the tasks
     * @param iterations meta-iterations an epoch
     * @param features choose the views
     * @param seed the run's seed
     * @return the planner
     */
    public static StepPlanner episodes(EpisodeSampler sampler, int iterations, TrainingFeatures features, long seed) {
        return new StepPlanner(sampler, null, iterations, features, seed);
    }

    /**
     * Plans mini-batches.
     *
     * @param sampler draws the images
     * @param iterations steps an epoch
     * @param features choose the views
     * @param seed the run's seed
     * @return the planner
     */
    public static StepPlanner batches(BatchSampler sampler, int iterations, TrainingFeatures features, long seed) {
        return new StepPlanner(null, sampler, iterations, features, seed);
    }

    /**
     * Returns the number of steps of an epoch.
     *
     * @return at least 1
     */
    public int iterations() {
        return iterations;
    }

    /**
     * Plans a step.
     *
     * @param epoch from 0
     * @param iteration within the epoch, from 0
     * @return what the step uses
     */
    public StepPlan plan(int epoch, int iteration) {
        long step = (long) epoch * iterations + iteration + 1;
        List<Task> tasks = episodes == null ? List.of() : episodes.draw(step);
        int[] images = episodes == null
                ? batches.draw(step - 1)
                : tasks.stream()
                        .flatMap(task -> Stream.of(task.support(), task.query()))
                        .flatMapToInt(part -> Stream.of(part).flatMapToInt(IntStream::of))
                        .toArray();
        return new StepPlan(step, tasks, images, features.chooseViews(seed, step, images.length));
    }
}
