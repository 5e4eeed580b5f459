package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Repeats a run from its record (draw, episodes, losses, figures) and prints the first difference, or that there is none.
 * Works on runs with {@code augment=none} or {@code views:V}; of an unfinished run it compares what is there.
 *
 * @since 0.1.0
 */
@Mojo(name = "replay", requiresProject = false, aggregator = true, threadSafe = true)
public final class ReplayMojo extends AbstractComputeMojo {
    /**
     * Where the run's images are now. Default: where they were. Bare property: {@code -Ddataset=/data/dtd}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.dataset")
    private String dataset;

    /**
     * The folder of run directories, relative to where Maven was started. Example: {@code
     * -Dmetaprompt.runs=/data/runs}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.runs", defaultValue = "runs")
    private String runs;

    /**
     * The id of the run to repeat. Default: the newest finished one. Example: {@code
     * -Dmetaprompt.run=20260102-030405-metaprompt-textures-5way2shot-s1}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.run")
    private String run;

    /**
     * Skips this goal. Example: {@code -Dmetaprompt.replay.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.replay.skip", defaultValue = "false")
    private boolean skipGoal;

    @Override
    boolean skipGoal() {
        return skipGoal;
    }
}
