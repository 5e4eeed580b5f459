package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Writes image features and text features of a model as safetensors, float32, not normalised.
 *
 * @since 0.1.0
 */
@Mojo(name = "encode", requiresProject = false, aggregator = true, threadSafe = true)
public final class EncodeMojo extends AbstractComputeMojo {
    /**
     * A folder of images, encoded in sorted order of their names. Default: none; images or texts must be given.
     * Example: {@code -Dmetaprompt.images=photos}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.images")
    private String images;

    /**
     * A file of texts, one a line, encoded as they are. Default: none; images or texts must be given. Example:
     * {@code -Dmetaprompt.texts=captions.txt}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.texts")
    private String texts;

    /**
     * Cuts texts that have more tokens than the model takes, instead of refusing them. Example:
     * {@code -Dmetaprompt.encode.truncate=true}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.encode.truncate", defaultValue = "false")
    private boolean truncate;

    /**
     * The safetensors file to write; the names go into a JSON file beside it. Required. Example: {@code
     * -Dmetaprompt.out=features.safetensors}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.out")
    private String out;

    /**
     * Skips this goal. Example: {@code -Dmetaprompt.encode.skip}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.encode.skip", defaultValue = "false")
    private boolean skipGoal;

    @Override
    boolean skipGoal() {
        return skipGoal;
    }
}
