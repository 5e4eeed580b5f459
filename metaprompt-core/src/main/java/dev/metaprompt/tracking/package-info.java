/**
 * The mirror of run directories on an MLflow server.
 *
 * <p>The run directory stays the truth: everything that is sent is read from it, and what a server holds is asked of the
 * server and not remembered. A run is found by a tag that follows from its record, a metric by its key and step; so a
 * run may be sent again at any time, after any kill of either side, and only what is missing is added. What cannot be
 * put right by adding (another value at a step, another parameter, a second run of the same tag) is set aside on the
 * server and sent anew.
 *
 * <p>An experiment is the parent run of its cells ({@link dev.metaprompt.tracking.ExperimentRun}), found by a tag that
 * follows from its plan; a cell is found by its experiment's name and its own id, so that two attempts at it are one run.
 *
 * <p>Apart from the mirror, a server can be where machines without a common disk keep their work
 * ({@link dev.metaprompt.tracking.ArtifactStore}).
 *
 * <p>Every call has a time limit, since MLflow's own client has none, and runs in a thread of its own.
 */
package dev.metaprompt.tracking;
