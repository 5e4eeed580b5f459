package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.run.RunRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** What commands read, for tests of other packages. */
public final class AppReaders {
    private AppReaders() {}

    /** Takes the places that a configuration file names, one after the other. */
    public static void places(Path file) throws Exception {
        Configuration config = Configuration.builder(file.getParent())
                .commandLine("config", file.getFileName().toString(), "-Dmetaprompt.config")
                .commandLine("cache", file.resolveSibling("cache").toString(), "-Dcache")
                .resolve();
        Dataset dataset = null;
        if (!config.text("dataset").equals("textures")) {
            dataset = DatasetFinder.open(config, file.resolveSibling("cache"), Progress.SILENT);
            DatasetFinder.draw(config, dataset);
            DatasetFinder.classSplit(config, dataset);
            ModelFinder.find(config, Progress.SILENT);
        }
        TestContext context = new TestContext(
                file.getParent(),
                "config",
                file.getFileName().toString(),
                "cache",
                file.resolveSibling("cache").toString());
        Command command = config.optional("texts").isPresent()
                        || config.optional("images").isPresent()
                ? new EncodeCommand()
                : config.optional("pack").isPresent() ? new PrepareCommand() : new ReportCommand();
        command.run(context);
    }

    /** Digests a draw file. */
    public static void drawDigest(Path file) {
        Configuration config = Configuration.builder(file.getParent())
                .commandLine("dataset.draw", "file:" + file.getFileName(), "-Dmetaprompt.dataset.draw")
                .resolve();
        CellIdentity.of(
                config,
                new CellIdentity.Contents("a", () -> "", CellIdentity.drawDigest(config), ""),
                new CellIdentity.Data("b", "c", List.of(), List.of()));
    }

    /** Compares a record with what is there. */
    public static void recorded(RunRecord record) {
        List<Callable<Void>> comparisons = List.of(
                () -> compare("model", record.model().sha256(), record),
                () -> compare("dataset", record.dataset().sha256(), record),
                () -> {
                    ReplayedRecord.requireNoContradiction(record);
                    return null;
                });
        StringBuilder messages = new StringBuilder();
        for (Callable<Void> comparison : comparisons) {
            try {
                comparison.call();
            } catch (InvalidInputException e) {
                messages.append(e.getMessage()).append(" | ");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        throw new InvalidInputException(messages.toString());
    }

    private static Void compare(String what, String recorded, RunRecord record) {
        RunJournal.requireSame(what, recorded, "0".repeat(64), record.id());
        return null;
    }

    /** Encodes the lines of a file. */
    public static void encode(Path file) {
        new EncodeCommand()
                .run(new TestContext(
                        file.getParent(),
                        "texts",
                        file.getFileName().toString(),
                        "out",
                        "out.safetensors",
                        "cache",
                        file.resolveSibling("cache").toString()));
    }

    /** Reads a request, whose reader tells faults in another way. */
    public static void request(Path file) {
        try {
            ForkRequest.read(file);
        } catch (IOException e) {
            throw new InvalidInputException(e.getMessage(), e);
        }
    }
}
