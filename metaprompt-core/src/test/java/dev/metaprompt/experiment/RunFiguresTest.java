package dev.metaprompt.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFiguresTest {
    @TempDir
    private Path folder;

    private RunDirectory run;

    @BeforeEach
    void aFinishedRun() {
        run = RunDirectory.at(folder.resolve("run"));
        run.writeRecord(
                Records.running("run").finished(Records.START, Records.results(70, 60, 64.6), Map.of("training", 1.0)));
    }

    private void epoch(int epoch, double gap) {
        try (JsonLines lines = JsonLines.append(run.file(RunDirectory.EPOCHS))) {
            lines.write(Map.of("epoch", epoch, "gap", gap));
        }
    }

    @Test
    void theEpochGapIsTheMeanSizeOverTheEpochsOfTraining() {
        epoch(-1, 40);
        epoch(0, 6);
        epoch(1, -2);
        epoch(2, 1);
        RunFigures figures = RunFigures.read(run).orElseThrow();
        assertEquals(3, Figure.EPOCH_GAP.of(figures).orElseThrow(), 1e-12);
        assertEquals(70, Figure.BASE.of(figures).orElseThrow());
        assertEquals(OptionalDouble.empty(), Figure.PROMPT_VALUES.of(figures));
        assertEquals(
                2048, Figure.PROMPT_VALUES.of(figures.withPromptValues(2048)).orElseThrow());
        assertEquals(3, Figure.EPOCH_GAP.of(figures.withPromptValues(1)).orElseThrow(), 1e-12);
    }

    @Test
    void withoutGapsOfEpochsThereIsNone() throws Exception {
        assertEquals(OptionalDouble.empty(), RunFigures.read(run).orElseThrow().epochGap());
        try (JsonLines lines = JsonLines.append(run.file(RunDirectory.EPOCHS))) {
            lines.write(Map.of("epoch", 0, "textAccuracy", 50.0));
        }
        assertEquals(OptionalDouble.empty(), RunFigures.read(run).orElseThrow().epochGap());
        epoch(1, 5);
        Files.writeString(run.file(RunDirectory.EPOCHS), "[1]\n", StandardOpenOption.APPEND);
        assertEquals(OptionalDouble.empty(), RunFigures.read(run).orElseThrow().epochGap());
    }

    @Test
    void aRunThatIsNotFinishedHasNoFigures() {
        run.writeRecord(Records.running("run"));
        assertEquals(Optional.empty(), RunFigures.read(run));
        run.writeRecord(Records.running("run").failed(Records.START, "the loss became NaN"));
        assertEquals(Optional.empty(), RunFigures.read(run));
    }
}
