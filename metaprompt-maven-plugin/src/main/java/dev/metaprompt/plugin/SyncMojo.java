package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Sends the runs that an MLflow server has not got yet, or not whole: after the server was away, or was not asked for.
 * <p>The server is {@code -Dmetaprompt.tracking.uri}, or the environment variable {@code MLFLOW_TRACKING_URI}; user,
 * password and token come from MLflow's own variables only. The experiment is {@code
 * -Dmetaprompt.tracking.experiment}, or where this machine's training brought each run, or {@code metaprompt/} and its
 * dataset; what a run's record says of it is not followed.
 *
 * @since 0.1.0
 */
@Mojo(name = "sync", requiresProject = false, aggregator = true, threadSafe = true)
public final class SyncMojo extends AbstractGoalMojo {
    /**
     * A YAML or properties file of keys; the POM and the command line beat it. Default: none. Example: {@code
     * -Dmetaprompt.config=mine.yaml}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.config")
    private String config;

    /**
     * The folder of run directories, relative to where Maven was started. Example: {@code
     * -Dmetaprompt.runs=/data/runs}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.runs", defaultValue = "runs")
    private String runs;

    /**
     * The id of the only run to send. Default: all runs of the folder. Example: {@code
     * -Dmetaprompt.run=20260102-030405-metaprompt-textures-5way2shot-s1}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.run")
    private String run;

    /**
     * Skips this goal. Example: {@code -Dmetaprompt.sync.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.sync.skip", defaultValue = "false")
    private boolean skipGoal;

    @Override
    boolean skipGoal() {
        return skipGoal;
    }
}
