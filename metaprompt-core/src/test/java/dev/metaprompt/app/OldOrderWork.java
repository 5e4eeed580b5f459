package dev.metaprompt.app;

import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Work of a version that resized all images first and knew no {@code image.colorOrder}: a finished run and one that was
 * interrupted, a feature pack, a baseline, a half-finished experiment; over RGB images ({@code none}) and over some with a
 * palette ({@code training_and_test}). The archive was made by {@link #make} on the commit before the key, with this class
 * and {@link MixedDataset} in its tests; reports, locks and what belongs to that machine were removed.
 */
final class OldOrderWork {
    private OldOrderWork() {}

    /** Options that all of it was made with. */
    static TestContext context(Path folder, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "dataset", "mixed",
                "method", "coop",
                "way", "3",
                "dataset.shots", "4",
                "episode.imagesPerClass", "4",
                "train.epochs", "2",
                "train.iterations", "1",
                "train.batch", "4",
                "augment", "views:1",
                "evaluate.episodes", "2",
                "cache", folder.resolve("cache").toString(),
                "threads", "1"));
        options.addAll(List.of(more));
        return new TestContext(folder, options.toArray(String[]::new));
    }

    /** Copies the data set's images and what was made of them to a folder, as if it had been made there. */
    static void copy(MixedDataset.Palettes palettes, Path folder) throws IOException {
        MixedDataset.write(folder.resolve("mixed"), palettes);
        OldWork.unpack("resize-first.zip", palettes.name().toLowerCase(Locale.ROOT) + "/", folder);
        Files.move(folder.resolve("trained"), folder.resolve("runs"));
    }

    /** Makes it, with the version that this is compiled with. */
    static void make(MixedDataset.Palettes palettes, Path folder) throws Exception {
        MixedDataset.write(folder.resolve("mixed"), palettes);
        new PrepareCommand().run(context(folder, "pack", "mixed.pack"));
        new TrainCommand().run(context(folder));
        new TrainCommand().run(context(folder, "seed", "2").interruptAfter(1));
        new CheckCommand().run(context(folder, "check.baseline", "baseline.json", "check.update", "true"));
        Files.writeString(folder.resolve("test.yaml"), "settings:\n  method: coop\naxes:\n  seed: [3, 4]\n");
        new ExperimentCommand().run(context(folder, "experiment", "test.yaml"));
        try (Stream<Path> runs = Files.list(folder.resolve("runs/test"))) {
            for (Path second :
                    runs.filter(run -> run.toString().contains("-s4-")).toList()) {
                PlainFiles.delete(second);
            }
        }
    }

    static RunDirectory run(Path folder, int seed) throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve("runs"))) {
            return RunDirectory.open(runs.filter(run -> run.toString().endsWith("-s" + seed))
                    .findFirst()
                    .orElseThrow());
        }
    }
}
