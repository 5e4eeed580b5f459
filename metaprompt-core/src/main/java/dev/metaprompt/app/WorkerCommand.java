package dev.metaprompt.app;

import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.CellEngine;
import dev.metaprompt.experiment.temporal.TemporalConnection;
import dev.metaprompt.experiment.temporal.TemporalOptions;
import dev.metaprompt.experiment.temporal.TemporalWorker;
import java.util.concurrent.CountDownLatch;

/** The goal {@code worker}: computes the cells that a Temporal server hands out, until it is stopped. */
final class WorkerCommand implements Command {
    @Override
    public void run(CommandContext context) throws InterruptedException {
        Configuration asked = Settings.withoutModel(context);
        CellOptions.notForWorkers(context)
                .forEach(key -> context.progress()
                        .phase("warning: " + key + " is an experiment's to say: this worker does not heed it"));
        TemporalOptions options = TemporalSettings.of(asked);
        int slots = asked.integer("experiment.parallel");
        int threads = CellProcessCommand.threads(asked.autoInteger("threads"), slots);
        String kind = CellOptions.queue(asked);
        CountDownLatch stop = new CountDownLatch(1);
        context.onInterrupt(stop::countDown);
        try (TemporalConnection connection = TemporalConnection.open(options);
                CellEngine engine = new ToldEngine(
                        CellProcessCommand.processes(context, threads, CellOptions.ofMachine(asked)),
                        context.progress(),
                        asked.autoInteger("threads"));
                TemporalWorker worker = TemporalWorker.start(connection, kind, slots, engine, CheckedPlans.of(asked))) {
            context.progress()
                    .phase("asks " + options.address() + " for cells of task queue " + options.taskQueue() + "-" + kind
                            + ", " + slots + " at once; Ctrl-C stops it");
            stop.await();
        }
    }
}
