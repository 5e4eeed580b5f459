package dev.metaprompt.benchmark;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.image.PixelImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What the commands work on: the model, trainings that are ready to step, photographs, classifiers. */
final class Workplace implements AutoCloseable {
    private final Gson gson = new Gson();
    private final ClipModel model;
    private final List<String> names;
    private final Images images;
    private final Map<String, PreparedTraining> trainings = new HashMap<>();
    private final Map<Inference.Way, Inference> inferences = new HashMap<>();
    private List<PixelImage> decoded = List.of();
    private List<float[]> pixels = List.of();

    Workplace(Path model, Path names) {
        ModelFolder folder = new ModelFolder(model.toString(), model);
        this.model = ClipModel.openLazily(folder, model, Device.cpu(), DataType.FLOAT32);
        this.images = new Images(this.model);
        try {
            this.names = Files.readAllLines(names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void facts(JsonObject command, JsonObject answer) {
        answer.addProperty("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        answer.addProperty(
                "engine",
                Engine.getInstance().getEngineName() + " "
                        + Engine.getInstance().getVersion());
        answer.addProperty("threads", System.getProperty("ai.djl.pytorch.num_threads"));
    }

    /** Writes the files that both sides begin with. */
    void prepare(JsonObject command, JsonObject answer) {
        WorkSpec spec = spec(command);
        WorkFiles.writeFeatures(folder(command), spec, model.config().projection());
        try (PreparedTraining training = new PreparedTraining(model, spec, names, folder(command))) {
            WorkFiles.writePlan(folder(command), spec, training);
        }
    }

    void open(JsonObject command, JsonObject answer) {
        WorkSpec spec = spec(command);
        trainings.put(spec.id(), new PreparedTraining(model, spec, names, folder(command)));
    }

    void step(JsonObject command, JsonObject answer) {
        PreparedTraining training = trainings.get(command.get("id").getAsString());
        timed(answer, () -> answer.addProperty("loss", training.step()));
        answer.addProperty("moved", training.moved());
    }

    void shut(JsonObject command, JsonObject answer) {
        trainings.remove(command.get("id").getAsString()).close();
    }

    void train(JsonObject command, JsonObject answer) {
        Path run = Path.of(command.get("run").getAsString());
        WorkSpec spec = spec(command);
        timed(answer, () -> answer.addProperty("loss", WholeTraining.run(model, spec, names, folder(command), run)));
    }

    /** Decodes photographs and makes batches of them, for the commands that leave that out. */
    void decode(JsonObject command, JsonObject answer) {
        decoded = Images.decode(files(command));
        pixels = images.pixels(decoded, command.get("batch").getAsInt());
    }

    void resize(JsonObject command, JsonObject answer) {
        timed(answer, () -> answer.addProperty("sum", images.resize(decoded)));
    }

    void encode(JsonObject command, JsonObject answer) {
        timed(answer, () -> answer.add("feature", lastRow(images.encode(pixels))));
    }

    void encodeFiles(JsonObject command, JsonObject answer) {
        timed(answer, () -> answer.add("feature", lastRow(images.encodeFiles(files(command)))));
    }

    void classifier(JsonObject command, JsonObject answer) {
        Inference.Way way = Inference.way(command.get("way").getAsString());
        timed(answer, () -> inferences.put(way, new Inference(model, way, spec(command), names, folder(command))));
        answer.addProperty("parameters", inferences.get(way).parameters());
    }

    void classify(JsonObject command, JsonObject answer) {
        Inference inference = inferences.get(Inference.way(command.get("way").getAsString()));
        timed(answer, () -> answer.add("classes", gson.toJsonTree(inference.classify(images, files(command)))));
    }

    void memory(JsonObject command, JsonObject answer) {
        PeakMemory.kibibytes().ifPresent(peak -> answer.addProperty("peakKibibytes", peak));
    }

    private static void timed(JsonObject answer, Runnable work) {
        long start = System.nanoTime();
        work.run();
        answer.addProperty("nanos", System.nanoTime() - start);
    }

    private JsonElement lastRow(float[] features) {
        int width = model.config().projection();
        return gson.toJsonTree(Arrays.copyOfRange(features, features.length - width, features.length));
    }

    private WorkSpec spec(JsonObject command) {
        return gson.fromJson(command.get("spec"), WorkSpec.class);
    }

    private static Path folder(JsonObject command) {
        return Path.of(command.get("folder").getAsString());
    }

    private static List<Path> files(JsonObject command) {
        return StreamSupport.stream(command.getAsJsonArray("files").spliterator(), false)
                .map(file -> Path.of(file.getAsString()))
                .toList();
    }

    @Override
    public void close() {
        trainings.values().forEach(PreparedTraining::close);
        inferences.values().forEach(Inference::close);
        model.close();
    }
}
