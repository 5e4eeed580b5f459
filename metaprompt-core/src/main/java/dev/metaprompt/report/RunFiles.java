package dev.metaprompt.report;

import com.google.gson.JsonObject;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads files of runs. One that is missing or damaged is as if it were empty: it must not hide the other parts. */
final class RunFiles {
    private final Set<String> faults = new LinkedHashSet<>();
    private final Pictures pictures;

    RunFiles(Pictures pictures) {
        this.pictures = pictures;
    }

    /** Returns whose pictures may be shown. */
    Pictures pictures() {
        return pictures;
    }

    /** Returns what was found wrong so far, one line each. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    List<JsonObject> lines(RunDirectory run, String name) {
        return read(run.file(name), JsonLines::read);
    }

    /** Returns the lines of a file, a list a run, for the runs that have some. */
    List<List<JsonObject>> lines(Collection<RunDirectory> runs, String name) {
        List<List<JsonObject>> all = new ArrayList<>();
        runs.forEach(run -> all.add(lines(run, name)));
        all.removeIf(List::isEmpty);
        return all;
    }

    List<Prediction> predictions(RunDirectory run) {
        return read(run.file(RunDirectory.PREDICTIONS), Predictions::read);
    }

    private <T> List<T> read(Path file, Function<Path, List<T>> reader) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return reader.apply(file);
        } catch (InvalidInputException e) {
            faults.add(e.getMessage());
            return List.of();
        }
    }
}
