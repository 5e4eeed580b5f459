package dev.metaprompt.episode;

/**
 * One N-way K-shot problem, as indices.
 *
 * @param classes [N] indices of base classes, in the order they were drawn
 * @param support [N][K] indices into the few-shot training set (class by class, {@code shots} each)
 * @param query [N][Q] likewise; query images of {@code query[i]} have label i
 */
public record Task(int[] classes, int[][] support, int[][] query) {}
