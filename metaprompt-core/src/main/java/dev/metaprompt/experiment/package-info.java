/**
 * Experiments: a matrix of configurations, its cells, the runners that compute them, the claims about them and the
 * summary over them.
 *
 * <p>A {@link dev.metaprompt.experiment.Matrix} is what a file says; its {@link dev.metaprompt.experiment.Plan} is what
 * is to be computed, every cell known by a digest of all that decides its result. A
 * {@link dev.metaprompt.experiment.CellEngine} computes one cell in its folder; runners decide where and when.
 */
package dev.metaprompt.experiment;
