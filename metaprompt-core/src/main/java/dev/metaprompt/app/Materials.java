package dev.metaprompt.app;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.Warnings;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.LabeledImage;
import dev.metaprompt.evaluate.EvaluationData;
import dev.metaprompt.evaluate.SupportSet;
import dev.metaprompt.evaluate.TestSet;
import dev.metaprompt.feature.Augmentation;
import dev.metaprompt.feature.FeaturePack;
import dev.metaprompt.feature.TrainingFeatures;
import dev.metaprompt.feature.View;
import dev.metaprompt.image.ColorOrder;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.method.ClassSet;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.text.ClassPromptTokens;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The opened model and data set of a run, and the features made of them. Owns the model and the features. */
final class Materials implements AutoCloseable {
    private final ClipModel model;
    private final String modelSha256;
    private final Dataset dataset;
    private final DataPlan plan;
    private final FeatureAccess features;
    private final NDManager manager;
    private final Warnings warnings;
    private RunRecord.Content content;

    private Materials(
            ClipModel model,
            String modelSha256,
            Dataset dataset,
            DataPlan plan,
            FeatureAccess features,
            Warnings warnings) {
        this.model = model;
        this.modelSha256 = modelSha256;
        this.dataset = dataset;
        this.plan = plan;
        this.features = features;
        this.manager = NDManager.newBaseManager(model.device());
        this.warnings = warnings;
    }

    /** Opens what the configuration names; everything that can be wrong with it is found here. */
    static Materials open(Configuration config, Compute compute, Progress progress) {
        return open(config, compute, progress, false, config.optional("run").isPresent());
    }

    /**
     * As {@link #open}, but where classes have fewer training images than {@code dataset.shots}, fewer will do.
     *
     * @param own whether the data are those that the run was trained on
     */
    static Materials openForEvaluation(Configuration config, Compute compute, Progress progress, boolean own) {
        return open(config, compute, progress, true, own);
    }

    private static Materials open(
            Configuration asked, Compute compute, Progress console, boolean fewerWillDo, boolean recorded) {
        Warnings progress = new Warnings(console);
        Optional<FeaturePack> pack = FeatureAccess.pack(asked);
        Configuration config = ColorOrders.with(pack, asked);
        if (!fewerWillDo) {
            pack.ifPresent(found -> found.requireViews(FeatureAccess.augmentation(config)));
        }
        Dataset dataset = pack.map(FeaturePack::dataset)
                .orElseGet(() -> DatasetFinder.open(config, Settings.cache(config), progress));
        // Of images they were said when the images were listed.
        dataset.warnings().forEach(line -> progress.phase("warning: " + line));
        ClassSplit split = DatasetFinder.classSplit(config, dataset);
        tellOfOneClass("base", split.base(), progress);
        tellOfOneClass("new", split.newClasses(), progress);
        int wanted = config.integer("dataset.shots");
        int shots = fewerWillDo ? Math.min(wanted, DataPlan.fewest(dataset.train(), split.base())) : wanted;
        DataPlan plan = DataPlan.of(dataset, split, shots, DatasetFinder.draw(config, dataset));
        ClipModel model = ModelOpener.open(config, compute, progress);
        try {
            requireTokens(config, model, dataset, split, recorded, progress);
            String sha256 = model.folder().sha256();
            FeatureAccess features = pack.map(found -> FeatureAccess.ofPack(found, model, sha256))
                    .orElseGet(() -> FeatureAccess.ofImages(config, model, sha256, dataset, progress));
            return new Materials(model, sha256, dataset, plan, features, progress);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static void tellOfOneClass(String which, List<String> classes, Progress progress) {
        if (classes.size() == 1) {
            progress.phase("warning: there is one " + which + " class, " + Quoted.of(classes.get(0))
                    + ", so that nothing can be mistaken for it: " + which + " accuracy is 100 % whatever was learned");
        }
    }

    // Versions before this one took any names: what they made is still gone on with, repeated and evaluated.
    private static void requireTokens(
            Configuration config,
            ClipModel model,
            Dataset dataset,
            ClassSplit split,
            boolean recorded,
            Progress progress) {
        List<String> names = Stream.concat(split.base().stream(), split.newClasses().stream())
                .toList();
        try {
            new ClassPromptTokens(model.tokenizer(), progress)
                    .require(
                            names, List.of(config.text("prompt.template"), dataset.template()), dataset.repeatsNames());
        } catch (InvalidInputException e) {
            if (!recorded) {
                throw e;
            }
            progress.phase("warning: " + e.getMessage());
        }
    }

    ClipModel model() {
        return model;
    }

    /** When images become RGB, or became it when a pack was made. */
    ColorOrder colorOrder() {
        return model.preprocessing().colorOrder();
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

    /** What was assumed of model and data, and what was left out, for the run's record; it has been told already. */
    List<String> warnings() {
        return warnings.sentences();
    }

    /** Digests of what the images hold; they are read at the first call. */
    RunRecord.Content content(Progress progress) {
        if (content == null) {
            content = DataContent.of(plan, features.contents(), colorOrder(), progress);
        }
        return content;
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

    FeatureAccess features() {
        return features;
    }

    TrainingFeatures trainingFeatures(Augmentation augmentation, Progress progress) {
        return features.training(augmentation, DataPlan.paths(plan.train()), progress);
    }

    /** The images whose centre views {@link #evaluationData} takes, each once. */
    List<String> evaluationPaths() {
        return Stream.of(plan.train(), plan.newSupport(), plan.validation(), plan.testBase(), plan.testNew())
                .flatMap(images -> DataPlan.paths(images).stream())
                .distinct()
                .toList();
    }

    EvaluationData evaluationData(Progress progress) {
        List<String> base = plan.split().base();
        List<String> newClasses = plan.split().newClasses();
        Optional<SupportSet> newSupport = plan.newSupport().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SupportSet(newClasses.size(), plan.newShots(), features(plan.newSupport(), progress)));
        return new EvaluationData(
                testSet(ClassSet.BASE, progress).orElseThrow(),
                testSet(ClassSet.NEW, progress),
                testSet(ClassSet.BASE, base, plan.validation(), progress),
                new SupportSet(base.size(), plan.train().size() / base.size(), features(plan.train(), progress)),
                newSupport);
    }

    /** The test images of one half of the classes; empty where there are none. */
    Optional<TestSet> testSet(ClassSet set, Progress progress) {
        return set == ClassSet.BASE
                ? testSet(set, plan.split().base(), plan.testBase(), progress)
                : testSet(set, plan.split().newClasses(), plan.testNew(), progress);
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
        return features.source().get(manager, DataPlan.paths(images), View.centres(images.size()), progress);
    }

    @Override
    public void close() {
        manager.close();
        model.close();
    }
}
