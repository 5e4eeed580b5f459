package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Prints a table over all finished runs: base, new and H of each configuration, with intervals over the seeds. Writes
 * the same as {@code table.md} and {@code table.csv}, and a page with charts, classes, calibration and samples as
 * {@code report.html}, into the folder of runs.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "report",
        defaultPhase = LifecyclePhase.POST_INTEGRATION_TEST,
        requiresProject = false,
        aggregator = true,
        threadSafe = true)
public final class ReportMojo extends AbstractGoalMojo {
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
     * The page to write. Default: {@code report.html} in the folder of runs. Example: {@code
     * -Dmetaprompt.out=target/report.html}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.out")
    private String out;

    /**
     * Skips this goal. Example: {@code -Dmetaprompt.report.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.report.skip", defaultValue = "false")
    private boolean skipGoal;

    @Override
    boolean skipGoal() {
        return skipGoal;
    }
}
