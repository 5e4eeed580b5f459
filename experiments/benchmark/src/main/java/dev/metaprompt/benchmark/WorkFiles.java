package dev.metaprompt.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import dev.metaprompt.episode.Task;
import dev.metaprompt.tensor.Safetensors;
import dev.metaprompt.train.StepPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files that both sides begin with, so that both do the same: features, first tensors, the plan of steps. */
final class WorkFiles {
    static final String INITIAL = "initial.safetensors";
    static final String BANK = "bank";
    static final String BASE = "base";
    static final String NEW = "new";

    private static final String FEATURES = "features.safetensors";
    private static final String PLAN = "plan.json";

    private WorkFiles() {}

    /**
     * What a step uses.
     *
     * @param rows of the bank: every task's supports, class by class, then its queries; or the mini-batch
     * @param classes of each task; empty for mini-batches
     * @param labels of the mini-batch; empty for tasks
     */
    record PlannedStep(int[] rows, int[][] classes, int[] labels) {}

    /** Writes features: the bank, and test features about the directions of base classes and about others. */
    static void writeFeatures(Path folder, WorkSpec spec, int width) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> features = new LinkedHashMap<>();
            features.put(BANK, made(manager, BASE, spec, spec.shots() * spec.views(), width));
            if (spec.testImages() > 0) {
                features.put(BASE, made(manager, BASE, spec, spec.testImages(), width));
                features.put(NEW, made(manager, NEW, spec, spec.testImages(), width));
            }
            Safetensors.write(folder.resolve(FEATURES), features, Map.of());
        }
    }

    private static NDArray made(NDManager manager, String purpose, WorkSpec spec, int rows, int width) {
        float[] values = MadeFeatures.of(purpose, spec.classes(), rows, width);
        return manager.create(values, new Shape((long) spec.classes() * rows, width));
    }

    /** Reads features [n, D]. */
    static NDArray features(Path folder, String name, NDManager owner) {
        try (Safetensors file = Safetensors.open(folder.resolve(FEATURES))) {
            return file.read(name, owner);
        }
    }

    /** Writes the tensors that training starts from, and what each of its steps uses. */
    static void writePlan(Path folder, WorkSpec spec, PreparedTraining training) {
        Safetensors.write(folder.resolve(INITIAL), training.parameters(), Map.of());
        List<PlannedStep> steps = new ArrayList<>();
        for (int i = 0; i < spec.epochs() * spec.iterations(); i++) {
            steps.add(planned(spec, training.plan(i)));
        }
        try {
            Files.writeString(folder.resolve(PLAN), new Gson().toJson(steps));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PlannedStep planned(WorkSpec spec, StepPlan plan) {
        int[] rows = new int[plan.images().length];
        int[] labels = new int[spec.text() ? rows.length : 0];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = plan.images()[i] * spec.views() + plan.views()[i];
            if (spec.text()) {
                labels[i] = plan.images()[i] / spec.shots();
            }
        }
        return new PlannedStep(rows, plan.tasks().stream().map(Task::classes).toArray(int[][]::new), labels);
    }
}
