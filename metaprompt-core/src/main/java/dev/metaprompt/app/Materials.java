package dev.metaprompt.app;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.LabeledImage;
import dev.metaprompt.evaluate.EvaluationData;
import dev.metaprompt.evaluate.SupportSet;
import dev.metaprompt.evaluate.TestSet;
import dev.metaprompt.feature.Augmentation;
import dev.metaprompt.feature.FeatureCache;
import dev.metaprompt.feature.FeatureEncoder;
import dev.metaprompt.feature.TrainingFeatures;
import dev.metaprompt.feature.View;
import dev.metaprompt.method.ClassSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The opened model and data set of a run, and the features made of them. Owns the model and the features. */
final class Materials implements AutoCloseable {
    private final ClipModel model;
    private final String modelSha256;
    private final Dataset dataset;
    private final DataPlan plan;
    private final FeatureEncoder encoder;
    private final FeatureCache cache;
    private final NDManager manager;

    private Materials(ClipModel model, String modelSha256, Dataset dataset, DataPlan plan, Path cacheFolder) {
        this.model = model;
        this.modelSha256 = modelSha256;
        this.dataset = dataset;
        this.plan = plan;
        this.encoder = new FeatureEncoder(model, dataset.imageRoot());
        this.cache = new FeatureCache(cacheFolder, encoder, modelSha256, dataset.imageRoot());
        this.manager = NDManager.newBaseManager(model.device());
    }

    /** Opens what the configuration names; everything that can be wrong with it is found here. */
    static Materials open(Configuration config, Compute compute, Progress progress) {
        return open(config, compute, progress, false);
    }

    /** As {@link #open}, but where classes have fewer training images than {@code dataset.shots}, fewer will do. */
    static Materials openForEvaluation(Configuration config, Compute compute, Progress progress) {
        return open(config, compute, progress, true);
    }

    private static Materials open(Configuration config, Compute compute, Progress progress, boolean fewerWillDo) {
        Path cacheFolder = Settings.cache(config);
        Dataset dataset = DatasetFinder.open(config, cacheFolder, progress);
        ClassSplit split = DatasetFinder.classSplit(config, dataset);
        int wanted = config.integer("dataset.shots");
        int shots = fewerWillDo ? Math.min(wanted, DataPlan.fewest(dataset.train(), split.base())) : wanted;
        DataPlan plan = DataPlan.of(dataset, split, shots, DatasetFinder.draw(config, dataset));
        ClipModel model = ModelOpener.open(config, compute);
        return new Materials(model, model.folder().sha256(), dataset, plan, cacheFolder);
    }

    ClipModel model() {
        return model;
    }

    String modelSha256() {
        return modelSha256;
    }

    Dataset dataset() {
        return dataset;
    }

    DataPlan plan() {
        return plan;
    }

    /** One line that says what a run is about to use. */
    String summary() {
        return "model " + model.folder().name() + " (" + modelSha256.substring(0, 12) + ")   data set "
                + dataset.name() + " (" + dataset.splitName() + ")   "
                + plan.split().base().size() + " base / "
                + plan.split().newClasses().size() + " new classes   "
                + plan.train().size() + " training, " + plan.testBase().size() + " + "
                + plan.testNew().size()
                + " test images";
    }

    NDManager manager() {
        return manager;
    }

    TrainingFeatures trainingFeatures(Augmentation augmentation, Progress progress) {
        return new TrainingFeatures(augmentation, DataPlan.paths(plan.train()), encoder, cache, progress);
    }

    EvaluationData evaluationData(Progress progress) {
        List<String> base = plan.split().base();
        List<String> newClasses = plan.split().newClasses();
        Optional<SupportSet> newSupport = plan.newSupport().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SupportSet(newClasses.size(), plan.newShots(), features(plan.newSupport(), progress)));
        return new EvaluationData(
                testSet(ClassSet.BASE, base, plan.testBase(), progress).orElseThrow(),
                testSet(ClassSet.NEW, newClasses, plan.testNew(), progress),
                testSet(ClassSet.BASE, base, plan.validation(), progress),
                new SupportSet(base.size(), plan.train().size() / base.size(), features(plan.train(), progress)),
                newSupport);
    }

    private Optional<TestSet> testSet(
            ClassSet set, List<String> classes, List<LabeledImage> images, Progress progress) {
        if (images.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new TestSet(
                set, classes, DataPlan.paths(images), DataPlan.labels(images, classes), features(images, progress)));
    }

    private NDArray features(List<LabeledImage> images, Progress progress) {
        return cache.get(manager, DataPlan.paths(images), View.centres(images.size()), progress);
    }

    @Override
    public void close() {
        manager.close();
        model.close();
    }
}
