package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Trains the embedded nano-CLIP from scratch, reproducibly.
 *
 * @since 0.1.0
 */
@Mojo(name = "pretrain", requiresProject = false, aggregator = true, threadSafe = true)
public final class PretrainMojo extends AbstractComputeMojo {
    /**
     * The model folder to write. Required. Example: {@code -Dmetaprompt.out=my-nano-clip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.out")
    private String out;

    /**
     * Skips this goal. Example: {@code -Dmetaprompt.pretrain.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.pretrain.skip", defaultValue = "false")
    private boolean skipGoal;

    @Override
    boolean skipGoal() {
        return skipGoal;
    }
}
