package dev.metaprompt.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.Progress;
import dev.metaprompt.evaluate.EvaluationData;
import dev.metaprompt.evaluate.Evaluator;
import dev.metaprompt.evaluate.Scores;
import dev.metaprompt.feature.TrainingFeatures;
import dev.metaprompt.method.Method;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.tensor.Safetensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/**
 * The training of one run, from its beginning or from its last checkpoint, to the same end.
 *
 * @param folder the run's directory
 * @param method what is trained
 * @param options choices of the optimisation
 * @param planner decides what each step uses
 * @param features the training images' features
 * @param imagePaths the few-shot training set, class by class
 * @param imageClasses its class names
 * @param shots training images a class
 * @param data what is evaluated after every epoch
 * @param evaluator scores it
 * @param seed the run's seed
 */
public record Training(
        Path folder,
        Method method,
        TrainOptions options,
        StepPlanner planner,
        TrainingFeatures features,
        List<String> imagePaths,
        List<String> imageClasses,
        int shots,
        EvaluationData data,
        Evaluator evaluator,
        long seed) {

    /** How a training ended. */
    public enum End {
        /** All epochs are done. */
        FINISHED,
        /** It was told to stop; the last checkpoint stands. */
        INTERRUPTED
    }

    /**
     * What a training comes to.
     *
     * @param end how it ended
     * @param selectedEpoch the epoch whose parameters are the result, where it need not be the last
     */
    public record Outcome(End end, OptionalInt selectedEpoch) {}

    /**
     * Trains.
     *
     * @param parameters the method's initial parameters; hold the result afterwards
     * @param manager owner of what the training keeps
     * @param progress hears epochs
     * @param stop asked before every step
     * @return the outcome; {@code learned.safetensors} is written when it finished
     * @throws dev.metaprompt.InvalidInputException if the loss is not finite
     */
    public Outcome run(Map<String, NDArray> parameters, NDManager manager, Progress progress, BooleanSupplier stop) {
        if (method.sampling() == Method.Sampling.NONE) {
            return new Outcome(End.FINISHED, OptionalInt.empty());
        }
        Safetensors.write(folder.resolve(RunDirectory.INITIAL), parameters, Map.of());
        Checkpoint checkpoint = new Checkpoint(folder);
        Map<String, NDArray> best = new LinkedHashMap<>();
        try (Sgd optimiser = new Sgd(parameters, options.momentum(), options.weightDecay(), manager)) {
            Optional<Checkpoint.Position> earlier = checkpoint.read(manager, parameters, optimiser.buffers(), best);
            long steps = earlier.map(Checkpoint.Position::step).orElse(0L);
            long epochLines = earlier.map(p -> p.epoch() + 2L).orElse(0L);
            RunLog.Kept kept = new RunLog.Kept(steps, epochLines, Trainer.context(parameters) != null);
            try (RunLog log = new RunLog(folder, imagePaths, imageClasses, features.augmented(), kept)) {
                Loop loop = new Loop(optimiser, checkpoint, log, best, progress, stop, manager);
                return loop.run(parameters, earlier.orElse(null));
            }
        }
    }

    private final class Loop {
        private final Sgd optimiser;
        private final Checkpoint checkpoint;
        private final RunLog log;
        private final Map<String, NDArray> best;
        private final Progress progress;
        private final BooleanSupplier stop;
        private final NDManager manager;
        private int bestEpoch = -1;
        private double bestAccuracy = Double.NEGATIVE_INFINITY;

        Loop(
                Sgd optimiser,
                Checkpoint checkpoint,
                RunLog log,
                Map<String, NDArray> best,
                Progress progress,
                BooleanSupplier stop,
                NDManager manager) {
            this.optimiser = optimiser;
            this.checkpoint = checkpoint;
            this.log = log;
            this.best = best;
            this.progress = progress;
            this.stop = stop;
            this.manager = manager;
        }

        Outcome run(Map<String, NDArray> parameters, Checkpoint.Position earlier) {
            if (earlier == null) {
                long start = System.nanoTime();
                log.epoch(summary(-1, parameters, null, null, start), null);
                save(-1, parameters);
            } else {
                bestEpoch = earlier.bestEpoch();
                bestAccuracy = earlier.bestAccuracy();
            }
            Trainer trainer = new Trainer(method, features, shots, optimiser);
            for (int epoch = earlier == null ? 0 : earlier.epoch() + 1; epoch < options.epochs(); epoch++) {
                if (!epoch(trainer, epoch, parameters)) {
                    return new Outcome(End.INTERRUPTED, OptionalInt.empty());
                }
            }
            if (options.select() == TrainOptions.Selection.BEST_VAL && bestEpoch >= 0) {
                best.forEach((name, array) -> parameters.get(name).set(array.toFloatArray()));
            }
            Safetensors.write(folder.resolve(RunDirectory.LEARNED), parameters, Map.of());
            return new Outcome(End.FINISHED, bestEpoch >= 0 ? OptionalInt.of(bestEpoch) : OptionalInt.empty());
        }

        private boolean epoch(Trainer trainer, int epoch, Map<String, NDArray> parameters) {
            long start = System.nanoTime();
            double learningRate = options.learningRateAt(epoch);
            double loss = 0;
            Double entropy = null;
            for (int iteration = 0; iteration < planner.iterations(); iteration++) {
                if (stop.getAsBoolean()) {
                    return false;
                }
                StepPlan plan = planner.plan(epoch, iteration);
                Trainer.StepResult result = trainer.step(parameters, plan, learningRate);
                log.step(epoch, learningRate, result.terms(), plan);
                loss += result.loss() / planner.iterations();
                if (result.attentionEntropy() != null) {
                    entropy = (entropy == null ? 0 : entropy) + result.attentionEntropy() / planner.iterations();
                }
            }
            EpochSummary summary = summary(epoch, parameters, loss, entropy, start);
            keepBest(epoch, parameters);
            log.epoch(summary, Trainer.context(parameters));
            save(epoch, parameters);
            progress.update("epoch", epoch + 1L, options.epochs(), detail(summary));
            return true;
        }

        private void save(int epoch, Map<String, NDArray> parameters) {
            long step = (epoch + 1L) * planner.iterations();
            log.force();
            checkpoint.write(
                    new Checkpoint.Position(epoch, step, bestEpoch, bestAccuracy),
                    parameters,
                    optimiser.buffers(),
                    best);
        }

        private void keepBest(int epoch, Map<String, NDArray> parameters) {
            if (options.select() != TrainOptions.Selection.BEST_VAL
                    || data.validation().isEmpty()) {
                return;
            }
            double accuracy = evaluator
                    .text(parameters, data.validation().get())
                    .map(Scores::accuracy)
                    .orElse(0.0);
            if (accuracy > bestAccuracy) {
                bestAccuracy = accuracy;
                bestEpoch = epoch;
                best.values().forEach(NDArray::close);
                best.putAll(Trainer.copy(parameters, manager));
            }
        }
    }

    private EpochSummary summary(
            int epoch, Map<String, NDArray> parameters, Double loss, Double entropy, long startNanos) {
        Evaluator.Both base = evaluator.both(parameters, data.base(), data.baseSupport());
        Double text = base.text().map(Scores::accuracy).orElse(null);
        Double multimodal = base.multimodal().orElse(null);
        Double newText = data.newClasses()
                .flatMap(images -> evaluator.text(parameters, images))
                .map(Scores::accuracy)
                .orElse(null);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        return new EpochSummary(epoch, loss, text, multimodal, newText, entropy, seconds);
    }

    private static String detail(EpochSummary summary) {
        String text = String.format(Locale.ROOT, "loss %.3f", summary.loss());
        if (summary.textAccuracy() != null) {
            text += String.format(Locale.ROOT, "  base %.1f", summary.textAccuracy());
        }
        if (summary.multimodalAccuracy() != null) {
            text += String.format(Locale.ROOT, "  multimodal %.1f", summary.multimodalAccuracy());
        }
        return text;
    }
}
