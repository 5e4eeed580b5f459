package dev.metaprompt.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything needed to go on after a kill: one file, replaced as a whole, so that its parts always belong together.
 * Generators have no state of their own: their numbers follow from the seed and the next step.
 */
public final class Checkpoint {
    private static final String PARAMETER = "parameter/";
    private static final String MOMENTUM = "momentum/";
    private static final String BEST = "best/";

    private final Path file;

    /**
     * Where a training stands after a whole epoch.
     *
     * @param epoch the last finished epoch; −1 before the first
     * @param step the last finished step
     * @param bestEpoch epoch of the best validation accuracy so far; −1 for none
     * @param bestAccuracy that accuracy in percent
     */
    public record Position(int epoch, long step, int bestEpoch, double bestAccuracy) {}

    /**
     * Names the checkpoint of a run.
     *
     * @param runDirectory the run's directory
     */
    public Checkpoint(Path runDirectory) {
        this.file = runDirectory.resolve(RunDirectory.CHECKPOINT).resolve("state.safetensors");
    }

    /**
     * Writes the checkpoint, replacing the one before.
     *
     * @param position where the training stands
     * @param parameters the trainable tensors
     * @param momentum the optimiser's buffers
     * @param best the best parameters so far; may be empty
     */
    public void write(
            Position position,
            Map<String, NDArray> parameters,
            Map<String, NDArray> momentum,
            Map<String, NDArray> best) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        parameters.forEach((name, array) -> tensors.put(PARAMETER + name, array));
        momentum.forEach((name, array) -> tensors.put(MOMENTUM + name, array));
        best.forEach((name, array) -> tensors.put(BEST + name, array));
        Map<String, String> metadata = Map.of(
                "epoch", String.valueOf(position.epoch),
                "step", String.valueOf(position.step),
                "bestEpoch", String.valueOf(position.bestEpoch),
                "bestAccuracy", String.valueOf(position.bestAccuracy));
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + file.getParent(), e);
        }
        Safetensors.write(file, tensors, metadata);
    }

    /**
     * Reads the checkpoint into the training's tensors.
     *
     * @param manager owner of the best parameters
     * @param parameters receive the trainable tensors' values
     * @param momentum receive the optimiser's buffers
     * @param best receives the best parameters so far
     * @return where the training stands; empty if there is no checkpoint yet
     */
    public Optional<Position> read(
            NDManager manager,
            Map<String, NDArray> parameters,
            Map<String, NDArray> momentum,
            Map<String, NDArray> best) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (Safetensors tensors = Safetensors.open(file)) {
            parameters.forEach((name, array) -> array.set(tensors.readFloats(PARAMETER + name)));
            momentum.forEach((name, array) -> array.set(tensors.readFloats(MOMENTUM + name)));
            for (String name : tensors.names()) {
                if (name.startsWith(BEST)) {
                    best.put(name.substring(BEST.length()), tensors.read(name, manager));
                }
            }
            return Optional.of(position(tensors.metadata()));
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    file + ": does not say where the run stands. It is damaged; restore it, or start a new run.", e);
        }
    }

    private static Position position(Map<String, String> metadata) {
        return new Position(
                Integer.parseInt(metadata.getOrDefault("epoch", "")),
                Long.parseLong(metadata.getOrDefault("step", "")),
                Integer.parseInt(metadata.getOrDefault("bestEpoch", "")),
                Double.parseDouble(metadata.getOrDefault("bestAccuracy", "")));
    }
}
