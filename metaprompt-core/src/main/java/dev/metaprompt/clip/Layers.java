package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;

/** The layers of a transformer, first to last. */
interface Layers {
    /**
     * Runs all layers; every token sees every token.
     *
     * @param x hidden states [B, L, W]
     * @return hidden states [B, L, W]
     */
    NDArray open(NDArray x);

    /**
     * Runs all layers; a token sees itself and what is before it.
     *
     * @param x hidden states [B, L, W]
     * @return hidden states [B, L, W]
     */
    NDArray causal(NDArray x);
}
