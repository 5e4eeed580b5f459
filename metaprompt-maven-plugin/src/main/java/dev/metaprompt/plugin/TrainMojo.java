package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Trains one configuration, writes a run directory and prints base / new / H beside zero-shot CLIP's.
 * <p>Runs once when typed on the command line, also in a multi-module project; bound in a POM it runs in its module.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "train",
        defaultPhase = LifecyclePhase.COMPILE,
        requiresProject = false,
        aggregator = true,
        threadSafe = true)
public final class TrainMojo extends AbstractComputeMojo {
    /**
     * Classes of an episode, 2 to the number of base classes. Bare property: {@code -Dway=10}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.way", defaultValue = "5")
    private String way;

    /**
     * Support images a class in an episode, 1 to episode.imagesPerClass - 1. Bare property: {@code -Dshot=4}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.shot", defaultValue = "2")
    private String shot;

    /**
     * Seed of the few-shot draw, the episodes and the initial values. Bare property: {@code -Dseed=3}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.seed", defaultValue = "1")
    private String seed;

    /**
     * {@code metaprompt} (the paper's), {@code coop}, {@code linear-probe} or {@code clip}. Bare property: {@code -Dmethod=coop}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.method", defaultValue = "metaprompt")
    private String method;

    /**
     * The images: {@code textures} (embedded) or a folder in DTD's layout with a split file. Bare property: {@code
     * -Ddataset=/data/dtd}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.dataset", defaultValue = "textures")
    private String dataset;

    /**
     * A named set of keys that the configuration file, the POM and the command line beat, for example {@code
     * literal}, the most literal reading of the paper. Default: none. Example: {@code -Dmetaprompt.preset=literal}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.preset")
    private String preset;

    /**
     * Views of the training images: {@code online}, {@code views:<n>} or {@code none}. Example: {@code -Dmetaprompt.augment=none}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.augment", defaultValue = "views:8")
    private String augment;

    /**
     * What a class's prototype is made of: {@code attention}, or as a control {@code mean} or {@code text}. Example:
     * {@code -Dmetaprompt.prototype=mean}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.prototype", defaultValue = "attention")
    private String prototype;

    /**
     * The folder of run directories, relative to where Maven was started. Example: {@code
     * -Dmetaprompt.runs=/data/runs}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.runs", defaultValue = "runs")
    private String runs;

    /**
     * The id of an unfinished run to go on with. Default: none, a new run. Example: {@code
     * -Dmetaprompt.run=20260102-030405-metaprompt-textures-5way2shot-s1}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.run")
    private String run;

    /**
     * Skips this goal. Example: {@code -Dmetaprompt.train.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.train.skip", defaultValue = "false")
    private boolean skipGoal;

    @Override
    boolean skipGoal() {
        return skipGoal;
    }
}
