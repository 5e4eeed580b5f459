package dev.metaprompt.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.feature.Rows;
import dev.metaprompt.method.ClassSet;
import dev.metaprompt.method.ContextVectors;
import dev.metaprompt.method.Method;
import dev.metaprompt.method.ZeroShotClip;
import dev.metaprompt.tensor.Safetensors;
import dev.metaprompt.tensor.TensorFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** A classifier of the base classes made in one of three ways, and photographs classified with it. */
final class Inference implements AutoCloseable {
    /** How the classifier is made. */
    enum Way {
        /** CLIP with a hand-written template. */
        CLIP,
        /** The text encoder with learned context vectors. */
        PROMPT,
        /** Multi-modal prototypes of the learned prompt and labelled supports. */
        MULTIMODAL
    }

    private static final String TEMPLATE = "a photo of a {}.";

    private final ClipModel model;
    private final NDManager manager;
    private final NDArray classifier;
    private long learned;

    Inference(ClipModel model, Way way, WorkSpec spec, List<String> names, Path folder) {
        this.model = model;
        this.manager = NDManager.newBaseManager(model.device());
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray rows =
                    switch (way) {
                        case CLIP -> clip(names.subList(0, spec.classes()));
                        case PROMPT -> prompt(spec, names, folder);
                        case MULTIMODAL -> multimodal(spec, names, folder);
                    };
            NDScope.unregister(rows);
            rows.attach(manager);
            this.classifier = rows;
        }
    }

    static Way way(String name) {
        return Way.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private NDArray clip(List<String> names) {
        return new ZeroShotClip(manager, model, TEMPLATE, Map.of(ClassSet.BASE, names))
                .classifier(Map.of(), ClassSet.BASE)
                .orElseThrow();
    }

    private NDArray prompt(WorkSpec spec, List<String> names, Path folder) {
        Method method = Methods.create(model, manager, spec, names);
        return method.classifier(learned(folder, Set.of(ContextVectors.NAME)), ClassSet.BASE)
                .orElseThrow();
    }

    private NDArray multimodal(WorkSpec spec, List<String> names, Path folder) {
        Method method = Methods.create(model, manager, spec, names);
        Map<String, NDArray> parameters = learned(folder, null);
        NDArray text = method.textFeatures(parameters, ClassSet.BASE).orElseThrow();
        NDArray bank = WorkFiles.features(folder, WorkFiles.BANK, manager);
        long rowsPerClass = (long) spec.shots() * spec.views();
        long[] supports = LongStream.range(0, (long) spec.classes() * spec.shot())
                .map(i -> i / spec.shot() * rowsPerClass + i % spec.shot() * spec.views())
                .toArray();
        long width = model.config().projection();
        NDArray support = Rows.pick(bank, supports).reshape(new Shape(spec.classes(), spec.shot(), width));
        return method.prototypes(parameters, text.expandDims(0), support.expandDims(0))
                .squeeze(0);
    }

    /** Reads learned tensors; all of them where {@code wanted} is null. */
    private Map<String, NDArray> learned(Path folder, Set<String> wanted) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (Safetensors file = Safetensors.open(folder.resolve(WorkFiles.INITIAL))) {
            for (String name : wanted == null ? file.names() : wanted) {
                tensors.put(name, file.read(name, manager));
            }
        }
        learned = tensors.values().stream().mapToLong(NDArray::size).sum();
        return tensors;
    }

    /** Counts the numbers that were read to classify: the checkpoint's, and the learned tensors'. */
    long parameters() {
        try (TensorFile file = TensorFile.open(model.folder().weights())) {
            return learned
                    + file.names().stream()
                            .filter(name -> !name.endsWith("position_ids"))
                            .mapToLong(name -> Arrays.stream(file.shape(name)).reduce(1, (a, b) -> a * b))
                            .sum();
        }
    }

    /** Encodes photographs and classifies them. */
    int[] classify(Images images, List<Path> files) {
        float[] features = images.encodeFiles(files);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray rows = manager.create(features, new Shape(files.size(), features.length / files.size()));
            long[] best = rows.normalize(2, -1)
                    .matMul(classifier.transpose())
                    .argMax(1)
                    .toLongArray();
            return Arrays.stream(best).mapToInt(i -> (int) i).toArray();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
