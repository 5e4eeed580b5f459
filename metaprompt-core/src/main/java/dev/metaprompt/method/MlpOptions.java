package dev.metaprompt.method;

/**
 * Choices of the MLP behind the cross-attention.
 *
 * @param ratio r, hidden size over D
 * @param residual adds its input to its output
 * @param norm layer norm before W1
 */
public record MlpOptions(int ratio, boolean residual, boolean norm) {}
