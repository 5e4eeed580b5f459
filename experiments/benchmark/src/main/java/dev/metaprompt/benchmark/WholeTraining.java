package dev.metaprompt.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.evaluate.EvaluationData;
import dev.metaprompt.evaluate.Evaluator;
import dev.metaprompt.evaluate.SupportSet;
import dev.metaprompt.evaluate.TestSet;
import dev.metaprompt.feature.Rows;
import dev.metaprompt.feature.TrainingFeatures;
import dev.metaprompt.method.ClassSet;
import dev.metaprompt.method.Method;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.train.Training;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A training from its beginning to its end with the loop of the goal {@code train}: its evaluation after every epoch,
 * its log and its checkpoints are part of it.
 */
final class WholeTraining {
    private WholeTraining() {}

    /**
     * Trains.
     *
     * @param model the frozen model
     * @param spec the training's size
     * @param names class names
     * @param folder holds the features
     * @param run an empty folder for the run's files
     * @return mean loss of the last epoch
     */
    static double run(ClipModel model, WorkSpec spec, List<String> names, Path folder, Path run) {
        try (NDManager manager = NDManager.newBaseManager(model.device());
                TrainingFeatures features = PreparedTraining.features(model, spec, folder)) {
            Method method = Methods.create(model, manager, spec, names);
            Map<String, NDArray> parameters = method.initialParameters(manager, PreparedTraining.SEED);
            Training training = new Training(
                    run,
                    method,
                    PreparedTraining.options(spec),
                    PreparedTraining.planner(spec, features),
                    features,
                    PreparedTraining.paths(spec),
                    imageClasses(spec, names),
                    spec.shots(),
                    data(spec, names, folder, manager),
                    new Evaluator(method, model.logitScale(), spec.shot(), PreparedTraining.SEED),
                    PreparedTraining.SEED);
            training.run(parameters, manager, Progress.SILENT, () -> false);
        }
        List<JsonObject> epochs = JsonLines.read(run.resolve(RunDirectory.EPOCHS));
        return epochs.get(epochs.size() - 1).get("loss").getAsDouble();
    }

    private static List<String> imageClasses(WorkSpec spec, List<String> names) {
        return IntStream.range(0, spec.classes() * spec.shots())
                .mapToObj(i -> names.get(i / spec.shots()))
                .toList();
    }

    private static EvaluationData data(WorkSpec spec, List<String> names, Path folder, NDManager manager) {
        int classes = spec.classes();
        NDArray bank = WorkFiles.features(folder, WorkFiles.BANK, manager);
        long[] firstViews = LongStream.range(0, (long) classes * spec.shots())
                .map(i -> i * spec.views())
                .toArray();
        return new EvaluationData(
                testSet(ClassSet.BASE, spec, names.subList(0, classes), WorkFiles.BASE, folder, manager),
                Optional.of(testSet(
                        ClassSet.NEW, spec, names.subList(classes, 2 * classes), WorkFiles.NEW, folder, manager)),
                Optional.empty(),
                new SupportSet(classes, spec.shots(), Rows.pick(bank, firstViews)),
                Optional.empty());
    }

    private static TestSet testSet(
            ClassSet set, WorkSpec spec, List<String> classes, String name, Path folder, NDManager manager) {
        int images = classes.size() * spec.testImages();
        return new TestSet(
                set,
                classes,
                IntStream.range(0, images).mapToObj(i -> name + "-" + i).toList(),
                IntStream.range(0, images).map(i -> i / spec.testImages()).toArray(),
                WorkFiles.features(folder, name, manager));
    }
}
