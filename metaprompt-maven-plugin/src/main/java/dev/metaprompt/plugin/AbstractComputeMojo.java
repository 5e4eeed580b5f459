package dev.metaprompt.plugin;

import org.apache.maven.plugins.annotations.Parameter;

/** The main keys of goals that load a model. */
abstract class AbstractComputeMojo extends AbstractGoalMojo {
    /**
     * A YAML or properties file of keys; the POM and the command line beat it. Default: none. Example: {@code
     * -Dmetaprompt.config=mine.yaml}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.config")
    private String config;

    /**
     * The frozen CLIP: {@code nano-clip} (embedded), a hub id, a checkpoint file or a folder with {@code config.json},
     * {@code model.safetensors}, {@code preprocessor_config.json} or {@code processor_config.json}, and
     * {@code tokenizer.json}. Bare property: {@code -Dmodel=/data/clip-vit-b16}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.model", defaultValue = "nano-clip")
    private String model;

    /**
     * {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:<n>}; a GPU needs {@code PYTORCH_LIBRARY_PATH} to name a
     * CUDA build of PyTorch. Example: {@code -Dmetaprompt.device=cpu}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.device", defaultValue = "auto")
    private String device;

    /**
     * Threads to compute with. {@code auto} is one a core. Example: {@code -Dmetaprompt.threads=2}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.threads", defaultValue = "auto")
    private String threads;

    /**
     * The folder of prepared models, datasets and image features. Default: a folder in the user's cache directory.
     * Example: {@code -Dmetaprompt.cache=/data/cache}.
     *
     * @since 0.1.0
     */
    @Parameter(property = "metaprompt.cache")
    private String cache;
}
