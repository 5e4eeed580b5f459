package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Fails the build when a figure of the finished runs is below a floor, or has fallen against a baseline by more than is
 * allowed.
 *
 * <p>A floor is compared with the mean over seeds. The baseline is compared by H (base accuracy without new classes),
 * by a paired bootstrap over seeds and test images: the build fails when the lower one-sided bound of the drop exceeds
 * the tolerance. The verdict also stands in the runs folder, as {@code check/check.json} and, for CI pages, {@code
 * check/TEST-metaprompt-check.xml}. Having no runs to check is a failure.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "check",
        defaultPhase = LifecyclePhase.VERIFY,
        requiresProject = false,
        aggregator = true,
        threadSafe = true)
public final class CheckMojo extends AbstractGoalMojo {
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
     * Lowest allowed base accuracy in percent. Default: none. Example: {@code -Dmetaprompt.check.minBase=70}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.check.minBase")
    private String minBase;

    /**
     * Lowest allowed new accuracy in percent. Default: none. Example: {@code -Dmetaprompt.check.minNew=55}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.check.minNew")
    private String minNew;

    /**
     * Lowest allowed mean of the seeds' harmonic means in percent. Default: none. Example: {@code
     * -Dmetaprompt.check.minHarmonicMean=60}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.check.minHarmonicMean")
    private String minHarmonicMean;

    /**
     * What the runs are compared with: a JSON file, kept in the repository, relative to where Maven was started.
     * Default: none. Example: {@code -Dmetaprompt.check.baseline=metaprompt-baseline.json}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.check.baseline")
    private String baseline;

    /**
     * Points that the compared figure may fall below the baseline's. Example: {@code -Dmetaprompt.check.tolerance=0.5}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.check.tolerance", defaultValue = "1.0")
    private String tolerance;

    /**
     * One-sided confidence with which a larger drop must be shown. Example: {@code -Dmetaprompt.check.confidence=0.99}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.check.confidence", defaultValue = "0.95")
    private String confidence;

    /**
     * Which runs are checked: ids with commas between them, {@code *} stands for any characters and {@code ?} for one.
     * Configurations of the baseline that lack runs fail only if all runs are asked for. Example: {@code
     * -Dmetaprompt.check.runs=*-metaprompt-textures-*}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.check.runs", defaultValue = "*")
    private String checkedRuns;

    /**
     * What is done where the newest runs of a configuration's seeds are of different code (version, commit, uncommitted
     * changes): {@code refuse} it, judge the runs of the {@code newest} code alone, or {@code join} all. Example: {@code
     * -Dmetaprompt.check.mixed=newest}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.check.mixed", defaultValue = "refuse")
    private String mixed;

    /**
     * Writes the baseline file from the runs instead of comparing; floors still hold, and configurations that {@code
     * check.runs} does not choose stay in it. Example: {@code -Dmetaprompt.check.update}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.check.update", defaultValue = "false")
    private boolean update;

    /**
     * Skips this goal. Example: {@code -Dmetaprompt.check.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.check.skip", defaultValue = "false")
    private boolean skipGoal;

    @Override
    boolean skipGoal() {
        return skipGoal;
    }
}
