package dev.metaprompt.method;

/**
 * Choices of the cross-attention in which text features ask and support-image features answer.
 *
 * @param heads h, divides D
 * @param scope whose supports a class may look at
 * @param norm layer norms on queries and on keys and values
 * @param init of the output projection
 * @param input unit features or CLIP's features as they are
 */
public record CrossAttentionOptions(int heads, Scope scope, boolean norm, Init init, Input input) {
    /** Whose supports a class may look at. */
    public enum Scope {
        /** Its own K. */
        CLASS,
        /** All N·K of the task. */
        TASK
    }

    /** Initialisation of Wo (and of W2 where the MLP has its residual). */
    public enum Init {
        /** Training starts from CLIP itself. */
        ZERO,
        /** Xavier-uniform as the other weights. */
        XAVIER
    }

    /** What is fed to Wq, Wk and Wv. */
    public enum Input {
        /** Unit vectors. */
        UNIT,
        /** Unnormalised features (norm about 10 for CLIP ViT-B/16): sharper attention. */
        RAW
    }
}
