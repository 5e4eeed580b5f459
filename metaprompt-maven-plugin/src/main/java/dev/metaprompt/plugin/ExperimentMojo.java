package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Runs a matrix of configurations (method, way, shot, seed, dataset, any key), and ends with a table over seeds, the
 * paired differences, and a verdict on each claim about the matrix.
 *
 * <p>Running it again computes only what is missing or changed. One failed cell does not stop the rest; the goal fails
 * at the end and names it. Writes {@code summary.json}, {@code summary.csv}, {@code summary.md} and {@code report.html}
 * into the experiment's folder.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "experiment",
        defaultPhase = LifecyclePhase.INTEGRATION_TEST,
        requiresProject = false,
        aggregator = true,
        threadSafe = true)
public final class ExperimentMojo extends AbstractComputeMojo {
    /**
     * The matrix: a built-in name such as {@code n-way}, {@code baselines}, {@code kl}, {@code shots} or {@code
     * ablation}, or a YAML file. Default: none, one is required. Example: {@code -Dmetaprompt.experiment=n-way}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.experiment")
    private String experiment;

    /**
     * Seeds of every configuration, instead of the matrix's own. Default: the matrix's. Example: {@code
     * -Dmetaprompt.experiment.seeds=1..10}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.experiment.seeds")
    private String seeds;

    /**
     * Cells computed at once on this machine, each in a process of its own. Example: {@code
     * -Dmetaprompt.experiment.parallel=2}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.experiment.parallel", defaultValue = "1")
    private String parallel;

    /**
     * Prints the cells and how long they may take, and computes nothing. Example: {@code -Dmetaprompt.dryRun}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.dryRun", defaultValue = "false")
    private String dryRun;

    /**
     * Who computes: {@code local}, this machine, or {@code temporal}, workers on any number of machines. Example:
     * {@code -Dmetaprompt.runner=temporal}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.runner", defaultValue = "local")
    private String runner;

    /**
     * Watches a distributed experiment that was started before ({@code true}), tells where it is ({@code status}), or
     * steers it: {@code pause}, {@code resume}, {@code cancel}. Default: none. Example: {@code -Dmetaprompt.attach}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.attach")
    private String attach;

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
     * Computes cells anew whose runs are of other code than this; those runs are moved to {@code superseded/} of the
     * experiment's folder. Example: {@code -Dmetaprompt.experiment.recompute}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.experiment.recompute", defaultValue = "false")
    private String recompute;

    /**
     * Claims to judge by the results. Default: the built-in ones about this matrix. Example: {@code
     * -Dmetaprompt.experiment.claims=mine.yaml}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.experiment.claims")
    private String claims;

    /**
     * The images: {@code textures} (embedded), a data set by name, a folder, or a feature pack. Bare property: {@code
     * -Ddataset=/data/dtd}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.dataset", defaultValue = "textures")
    private String dataset;

    /**
     * The folder of run directories, relative to where Maven was started; an experiment has a folder of its own in it.
     * Example: {@code -Dmetaprompt.runs=/data/runs}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.runs", defaultValue = "runs")
    private String runs;

    /**
     * Skips this goal. Example: {@code -Dmetaprompt.experiment.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.experiment.skip", defaultValue = "false")
    private boolean skipGoal;

    @Override
    boolean skipGoal() {
        return skipGoal;
    }
}
