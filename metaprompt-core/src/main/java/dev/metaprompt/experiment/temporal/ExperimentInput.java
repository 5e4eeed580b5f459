package dev.metaprompt.experiment.temporal;

/**
 * What a workflow is started with: small, whatever the experiment's size. The cells stand in the plan, which workers
 * find by its id.
 *
 * @param experiment the experiment's name
 * @param planId digest of its plan
 * @param cells how many cells it has
 * @param window how many cells of a batch are scheduled at once
 * @param batch how many cells a batch has at most
 * @param taskQueue prefix of the task queues
 * @param heartbeatSeconds as in {@link TemporalOptions}
 */
public record ExperimentInput(
        String experiment, String planId, int cells, int window, int batch, String taskQueue, int heartbeatSeconds) {}
