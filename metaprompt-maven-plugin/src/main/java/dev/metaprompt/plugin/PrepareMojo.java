package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Verifies model and dataset, renders the embedded one, encodes and caches the image features.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "prepare",
        defaultPhase = LifecyclePhase.PROCESS_RESOURCES,
        requiresProject = false,
        aggregator = true,
        threadSafe = true)
public final class PrepareMojo extends AbstractComputeMojo {
    /**
     * The images: {@code textures} (embedded) or a folder in DTD's layout with a split file. Bare property: {@code
     * -Ddataset=/data/dtd}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.dataset", defaultValue = "textures")
    private String dataset;

    /**
     * Views of the training images: {@code online}, {@code views:<n>} or {@code none}. Example: {@code -Dmetaprompt.augment=none}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.augment", defaultValue = "views:8")
    private String augment;

    /**
     * Skips this goal. Example: {@code -Dmetaprompt.prepare.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.prepare.skip", defaultValue = "false")
    private boolean skipGoal;

    @Override
    boolean skipGoal() {
        return skipGoal;
    }
}
