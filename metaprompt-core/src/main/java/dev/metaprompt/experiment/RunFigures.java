package dev.metaprompt.experiment;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a finished run is judged by.
 *
 * @param results its figures
 * @param epochGap mean over the epochs of training of the gap's size, in points: the height of the paper's Fig. 4
 * @param promptValues how many learned numbers inference uses: those of the prompt vectors, n·W
 */
public record RunFigures(Results results, OptionalDouble epochGap, OptionalDouble promptValues) {
    /** Refuses missing parts. */
    public RunFigures {
        Objects.requireNonNull(results, "results");
        Objects.requireNonNull(epochGap, "epochGap");
        Objects.requireNonNull(promptValues, "promptValues");
    }

    /**
     * Takes a run's results alone.
     *
     * @param results figures
     * @return them, without what other files say
     */
    public static RunFigures of(Results results) {
        return new RunFigures(results, OptionalDouble.empty(), OptionalDouble.empty());
    }

    /**
     * Reads a run's figures and epochs.
     *
     * @param run a run with a record
     * @return nothing unless it is finished; without an epoch gap where {@code epochs.jsonl} is missing, damaged or has
     *     none
     * @throws InvalidInputException if its record is damaged
     */
    public static Optional<RunFigures> read(RunDirectory run) {
        RunRecord record = run.readRecord();
        return record.results()
                .filter(results -> record.status() == RunStatus.FINISHED)
                .map(results ->
                        new RunFigures(results, epochGap(run.file(RunDirectory.EPOCHS)), OptionalDouble.empty()));
    }

    /**
     * Returns these figures with the size of what inference uses.
     *
     * @param values how many learned numbers
     * @return new figures
     */
    public RunFigures withPromptValues(long values) {
        return new RunFigures(results, epochGap, OptionalDouble.of(values));
    }

    private static OptionalDouble epochGap(Path file) {
        if (!Files.isRegularFile(file)) {
            return OptionalDouble.empty();
        }
        try {
            return JsonLines.read(file).stream()
                    .filter(line -> number(line, "epoch").orElse(-1) >= 0)
                    .map(line -> number(line, "gap"))
                    .filter(OptionalDouble::isPresent)
                    .mapToDouble(gap -> Math.abs(gap.getAsDouble()))
                    .average();
        } catch (InvalidInputException e) {
            return OptionalDouble.empty();
        }
    }

    private static OptionalDouble number(JsonObject line, String key) {
        JsonElement value = line.get(key);
        boolean number = value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isNumber();
        return number ? OptionalDouble.of(value.getAsDouble()) : OptionalDouble.empty();
    }
}
