package dev.metaprompt.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.episode.Task;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.tensor.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Writes what a training does into its run directory: a line per step, a line per epoch, the context vectors. After a
 * kill the files are cut back to the checkpoint, so that going on leaves no line twice.
 */
public final class RunLog implements AutoCloseable {
    private static final String CONTEXT = "context/";

    private final Path folder;
    private final List<String> imagePaths;
    private final List<String> imageClasses;
    private final boolean withViews;
    private final JsonLines metrics;
    private final JsonLines episodes;
    private final JsonLines epochs;
    private final NDManager manager;
    private final Map<String, NDArray> contexts = new LinkedHashMap<>();

    /**
     * What an earlier attempt has left, as its checkpoint counts it.
     *
     * @param steps whole steps
     * @param epochLines whole epochs, epoch −1 counted
     * @param withContexts whether context vectors were written after each epoch from 0
     */
    public record Kept(long steps, long epochLines, boolean withContexts) {
        long contexts() {
            return withContexts ? Math.max(0, epochLines - 1) : 0;
        }
    }

    /**
     * Opens the files of a run.
     *
     * @param folder the run's directory
     * @param imagePaths paths of the few-shot training set
     * @param imageClasses class names of the few-shot training set
     * @param withViews whether views are recorded
     * @param kept what to keep of an earlier attempt
     * @throws InvalidInputException if a file lacks what the checkpoint counts; none is then changed
     */
    public RunLog(Path folder, List<String> imagePaths, List<String> imageClasses, boolean withViews, Kept kept) {
        this.folder = folder;
        this.imagePaths = imagePaths;
        this.imageClasses = imageClasses;
        this.withViews = withViews;
        JsonLines.require(folder.resolve(RunDirectory.METRICS), kept.steps());
        JsonLines.require(folder.resolve(RunDirectory.EPISODES), kept.steps());
        JsonLines.require(folder.resolve(RunDirectory.EPOCHS), kept.epochLines());
        requireContexts(kept.contexts());
        // What is only kept to be written takes no memory of a GPU where it is read back.
        this.manager = NDManager.newBaseManager(Device.cpu());
        readContexts(kept.contexts());
        this.metrics = open(folder.resolve(RunDirectory.METRICS), kept.steps());
        this.episodes = open(folder.resolve(RunDirectory.EPISODES), kept.steps());
        this.epochs = open(folder.resolve(RunDirectory.EPOCHS), kept.epochLines());
    }

    private static JsonLines open(Path file, long lines) {
        JsonLines.truncate(file, lines);
        return JsonLines.append(file);
    }

    private void requireContexts(long epochs) {
        if (epochs == 0) {
            return;
        }
        Path file = contextsFile();
        if (!Files.exists(file)) {
            throw new InvalidInputException(file + ": is missing, and the run's checkpoint counts the context vectors"
                    + " of " + epochs + " epochs in it. Restore the file, or start a new run.");
        }
        try (Safetensors tensors = Safetensors.open(file)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                if (!tensors.names().contains(CONTEXT + epoch)) {
                    throw new InvalidInputException(file + ": lacks " + CONTEXT + epoch + ", and the run's checkpoint"
                            + " counts the context vectors of " + epochs
                            + " epochs. Restore the file, or start a new run.");
                }
            }
        }
    }

    private void readContexts(long epochs) {
        if (epochs == 0) {
            return;
        }
        try (Safetensors tensors = Safetensors.open(contextsFile())) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                contexts.put(CONTEXT + epoch, tensors.read(CONTEXT + epoch, manager));
            }
        }
    }

    private Path contextsFile() {
        return folder.resolve(RunDirectory.CONTEXTS);
    }

    void step(int epoch, double learningRate, Map<String, Double> terms, StepPlan plan) {
        episodes.write(episodeLine(plan));
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", plan.step());
        line.put("epoch", epoch);
        line.put("learningRate", learningRate);
        line.putAll(terms);
        metrics.write(line);
    }

    private Map<String, Object> episodeLine(StepPlan plan) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", plan.step());
        if (plan.tasks().isEmpty()) {
            line.put("images", names(plan.images(), imagePaths));
            line.put("labels", names(plan.images(), imageClasses));
            if (withViews) {
                line.put("views", plan.views());
            }
            return line;
        }
        List<Map<String, Object>> tasks = new ArrayList<>();
        int position = 0;
        for (Task task : plan.tasks()) {
            int uses = count(task.support()) + count(task.query());
            tasks.add(taskLine(task, Arrays.copyOfRange(plan.views(), position, position + uses)));
            position += uses;
        }
        line.put("tasks", tasks);
        return line;
    }

    private Map<String, Object> taskLine(Task task, int[] views) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("classes", names(firstQueries(task), imageClasses));
        line.put("support", names(task.support()));
        line.put("query", names(task.query()));
        if (withViews) {
            Map<String, Object> byPart = new LinkedHashMap<>();
            byPart.put("support", split(views, 0, task.support()));
            byPart.put("query", split(views, count(task.support()), task.query()));
            line.put("views", byPart);
        }
        return line;
    }

    private static int[] firstQueries(Task task) {
        return Arrays.stream(task.query()).mapToInt(images -> images[0]).toArray();
    }

    private static int count(int[][] images) {
        return Arrays.stream(images).mapToInt(row -> row.length).sum();
    }

    private static int[][] split(int[] views, int start, int[][] images) {
        int width = images[0].length;
        return IntStream.range(0, images.length)
                .mapToObj(i -> Arrays.copyOfRange(views, start + i * width, start + (i + 1) * width))
                .toArray(int[][]::new);
    }

    private List<List<String>> names(int[][] images) {
        return Arrays.stream(images).map(row -> names(row, imagePaths)).toList();
    }

    private static List<String> names(int[] images, List<String> table) {
        return Arrays.stream(images).mapToObj(table::get).toList();
    }

    void epoch(EpochSummary summary, NDArray context) {
        epochs.write(summary.toLine());
        if (context != null && summary.epoch() >= 0) {
            NDArray kept = context.duplicate();
            kept.attach(manager);
            contexts.put(CONTEXT + summary.epoch(), kept);
            Safetensors.write(contextsFile(), contexts, Map.of());
        }
    }

    /** Makes sure that the lines are on disk before a checkpoint counts them. */
    void force() {
        episodes.force();
        metrics.force();
        epochs.force();
    }

    @Override
    public void close() {
        metrics.close();
        episodes.close();
        epochs.close();
        manager.close();
    }
}
