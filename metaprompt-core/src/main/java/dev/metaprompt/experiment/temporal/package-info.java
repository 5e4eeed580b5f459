/**
 * The runner across machines, on Temporal: an {@link dev.metaprompt.experiment.temporal.ExperimentWorkflow} fans out
 * batches of cells, each cell is one activity on whatever worker is free. Temporal schedules, retries and remembers;
 * nothing here does. The only package that uses its client.
 */
package dev.metaprompt.experiment.temporal;
