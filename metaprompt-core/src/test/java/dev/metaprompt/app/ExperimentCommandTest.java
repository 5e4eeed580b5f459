package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.tracking.FakeMlflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The whole goal on a small data set, and how it ends where cells do not. */
class ExperimentCommandTest {
    @TempDir
    Path folder;

    private TestContext context(String matrix, String... more) throws IOException {
        Path dataset = folder.resolve("dtd-small");
        if (!Files.exists(dataset)) {
            SmallDataset.write(dataset);
        }
        Files.writeString(folder.resolve("small.yaml"), matrix);
        List<String> options = new ArrayList<>(List.of(
                "experiment", "small.yaml",
                "dataset", dataset.toString(),
                "cache", folder.resolve("cache").toString(),
                "way", "3",
                "dataset.shots", "8",
                "episode.imagesPerClass", "6",
                "train.iterations", "3",
                "evaluate.episodes", "20",
                "threads", "1"));
        options.addAll(Arrays.asList(more));
        return new TestContext(folder, options.toArray(String[]::new));
    }

    private Path experiment() {
        return folder.resolve("runs/small");
    }

    private static String firstLine(Path file) throws IOException {
        return Files.readAllLines(file).get(0);
    }

    /** Sends SIGTERM to what computes the first cell, as often as it has come on by some steps. */
    private Thread terminator() {
        Thread thread = new Thread(() -> {
            long seen = 0;
            try {
                while (true) {
                    TimeUnit.MILLISECONDS.sleep(20);
                    if (steps() > seen + 3) {
                        List<ProcessHandle> ended = CellSignals.processes().toList();
                        ended.forEach(ProcessHandle::destroy);
                        ended.forEach(process -> process.onExit().join());
                        seen = steps();
                    }
                }
            } catch (InterruptedException e) {
                // enough of it
            }
        });
        thread.setDaemon(true);
        return thread;
    }

    private long steps() {
        return firstCell()
                .map(run -> run.file(RunDirectory.METRICS))
                .filter(Files::exists)
                .map(JsonLines::read)
                .map(List::size)
                .orElse(0);
    }

    /** The only cell that was begun; nothing once there is another. */
    private Optional<RunDirectory> firstCell() {
        try (Stream<Path> runs = Files.list(experiment())) {
            List<RunDirectory> begun = runs.filter(Files::isDirectory)
                    .filter(run -> !run.getFileName().toString().startsWith("."))
                    .map(RunDirectory::at)
                    .filter(RunDirectory::hasRecord)
                    .toList();
            return begun.size() == 1 ? Optional.of(begun.get(0)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals")
    void aCellThatSignalsEndAgainAndAgainFailsTheGoalByName() throws Exception {
        TestContext context =
                context("title: Two\naxes:\n  train.epochs: [3000, 4]\n  seed: [1]\n", "train.warmupEpochs", "0");
        Thread terminator = terminator();
        terminator.start();
        InvalidInputException e;
        try {
            e = assertThrows(InvalidInputException.class, () -> new ExperimentCommand().run(context));
        } finally {
            terminator.interrupt();
            terminator.join();
        }
        assertTrue(e.getMessage().startsWith("1 of 2 cells failed: train.epochs=3000 seed=1: "), e.getMessage());
        String line = "Incomplete: 1 of 2 cells has no figures";
        assertTrue(firstLine(experiment().resolve("summary.md")).startsWith(line), e.getMessage());
        assertTrue(context.results.get(0).startsWith(line), context.results.toString());
        assertTrue(Files.readString(experiment().resolve("report.html")).contains("<p>" + line));
    }

    @Test
    void whatWasFinishedHereAndNeverReachedTheStoreIsHandedOverByTheNextCall() throws Exception {
        String matrix = "title: One\naxes:\n  train.epochs: [4]\n";
        new ExperimentCommand().run(context(matrix));
        try (FakeMlflow server = new FakeMlflow()) {
            String[] store = {"experiment.store", "mlflow:", "tracking.uri", server.uri()};
            TestContext second = context(matrix, store);
            new ExperimentCommand().run(second);
            assertEquals(1, states(server), server.uploads().toString());
            new ExperimentCommand().run(context(matrix, store));
            assertEquals(1, states(server), server.uploads().toString());
            assertTrue(second.phases.toString().contains("1 of them finished before"), second.phases.toString());
        }
    }

    private static long states(FakeMlflow server) {
        return server.uploads().stream()
                .filter(upload -> upload.contains("finished-"))
                .count();
    }
}
