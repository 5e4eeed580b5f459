package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Evaluates a finished run again, or on another dataset.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "evaluate",
        defaultPhase = LifecyclePhase.TEST,
        requiresProject = false,
        aggregator = true,
        threadSafe = true)
public final class EvaluateMojo extends AbstractComputeMojo {
    /**
     * The images to evaluate on. Default: the run's own. Bare property: {@code -Ddataset=/data/dtd}.
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
     * The id of the run to evaluate. Default: the newest finished one. Example: {@code
     * -Dmetaprompt.run=20260102-030405-metaprompt-textures-5way2shot-s1}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.run")
    private String run;

    /**
     * Skips this goal. Example: {@code -Dmetaprompt.evaluate.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.evaluate.skip", defaultValue = "false")
    private boolean skipGoal;

    @Override
    boolean skipGoal() {
        return skipGoal;
    }
}
