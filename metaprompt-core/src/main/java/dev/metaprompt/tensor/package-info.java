/**
 * Tensors on disk and the shape letters that all of the project uses.
 *
 * <p>B batch, C classes, N way, T tasks, K shots, Q queries of a class, L tokens, P patches, W width of a transformer,
 * D width of the shared space, V views of an image.
 */
package dev.metaprompt.tensor;
