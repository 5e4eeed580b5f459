package dev.metaprompt.pretrain;

import ai.djl.ndarray.NDArray;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of an unfinished pretraining in one file: weights, the optimiser's means and squares, the step reached.
 * Batches depend on seed and step alone, so a resumed pretraining ends with the bytes of an undisturbed one.
 */
final class Checkpoint {
    static final String FILE = "pretraining-checkpoint.safetensors";
    private final Path file;
    private final String options;

    Checkpoint(Path folder, PretrainingOptions options) {
        this.file = folder.resolve(FILE);
        this.options = options.toString();
    }

    /** Writes the state after {@code step} steps; the file is replaced whole. */
    void write(int step, Map<String, NDArray> state, List<Map<String, Object>> losses) {
        Map<String, String> metadata =
                Map.of("options", options, "step", Integer.toString(step), "losses", new Gson().toJson(losses));
        Safetensors.write(file, state, metadata);
    }

    /** Copies the stored state into arrays and losses; returns the steps done, 0 without a state of these options. */
    int restore(Map<String, NDArray> state, List<Map<String, Object>> losses) {
        if (!Files.isRegularFile(file)) {
            return 0;
        }
        try (Safetensors stored = Safetensors.open(file)) {
            if (!options.equals(stored.metadata().get("options"))) {
                return 0;
            }
            state.forEach((name, array) -> array.set(stored.readFloats(name)));
            for (JsonElement line :
                    JsonParser.parseString(stored.metadata().get("losses")).getAsJsonArray()) {
                JsonObject loss = line.getAsJsonObject();
                losses.add(Pretraining.line(
                        loss.get("step").getAsInt(), loss.get("loss").getAsDouble()));
            }
            return Integer.parseInt(stored.metadata().get("step"));
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Names the arrays of a training: weights and the optimiser's two moments of each. */
    static Map<String, NDArray> state(Map<String, NDArray> weights, AdamW optimizer) {
        Map<String, NDArray> state = new LinkedHashMap<>();
        int i = 0;
        for (Map.Entry<String, NDArray> weight : weights.entrySet()) {
            state.put(weight.getKey(), weight.getValue());
            state.put(weight.getKey() + ".mean", optimizer.mean(i));
            state.put(weight.getKey() + ".square", optimizer.square(i));
            i++;
        }
        return state;
    }
}
