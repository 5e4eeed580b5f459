package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Joins a Temporal server's task queue and computes the cells it is given, until it is stopped. A stopped or killed
 * worker's cells go on elsewhere from their last checkpoint.
 *
 * @since 0.1.0
 */
@Mojo(name = "worker", requiresProject = false, aggregator = true, threadSafe = true)
public final class WorkerMojo extends AbstractComputeMojo {
    /**
     * The Temporal server. An API key comes from the environment variable {@code TEMPORAL_API_KEY}. Example: {@code
     * -Dmetaprompt.temporal.address=temporal.example:7233}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.temporal.address", defaultValue = "127.0.0.1:7233")
    private String address;

    /**
     * Where runs are kept for all machines: {@code file:<folder>} that all of them see, or {@code mlflow:} for the
     * artifact store of {@code tracking.uri}. Default: the folder of runs of this machine. Example: {@code
     * -Dmetaprompt.experiment.store=file:/shared/runs}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.experiment.store")
    private String store;

    /**
     * Cells computed at once on this machine, each in a process of its own. Example: {@code
     * -Dmetaprompt.experiment.parallel=2}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.experiment.parallel", defaultValue = "1")
    private String parallel;

    /**
     * The folder of run directories, relative to where Maven was started; an experiment has a folder of its own in it.
     * Example: {@code -Dmetaprompt.runs=/data/runs}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.runs", defaultValue = "runs")
    private String runs;

    /**
     * Skips this goal. Example: {@code -Dmetaprompt.worker.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.worker.skip", defaultValue = "false")
    private boolean skipGoal;

    @Override
    boolean skipGoal() {
        return skipGoal;
    }
}
