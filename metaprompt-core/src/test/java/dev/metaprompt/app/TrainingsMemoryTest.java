package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import dev.metaprompt.clip.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker computes hundreds of trainings in one JVM: a whole one gives back every array it made. */
class TrainingsMemoryTest {
    @TempDir
    Path folder;

    private Path dataset;

    private void train(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "dataset", dataset.toString(),
                "cache", folder.resolve("cache").toString(),
                "model", Models.NANO_CLIP,
                "way", "3",
                "dataset.shots", "8",
                "episode.imagesPerClass", "6",
                "train.epochs", "2",
                "train.iterations", "2",
                "evaluate.episodes", "20"));
        options.addAll(List.of(more));
        new TrainCommand().run(new TestContext(folder, options.toArray(String[]::new)));
    }

    private static int openArrays() {
        try (NDManager probe = NDManager.newBaseManager()) {
            return probe.getParentManager().getManagedArrays().size();
        }
    }

    @Test
    void trainingsLeaveNoArrayOpen() throws Exception {
        dataset = SmallDataset.write(folder.resolve("dtd-small"));
        SmallDataset.addValidation(dataset);
        int before = openArrays();
        for (String method : List.of("metaprompt", "coop", "clip", "linear-probe")) {
            train("method", method, "augment", "views:2");
            assertEquals(before, openArrays(), method);
        }
        train("method", "metaprompt", "augment", "online");
        assertEquals(before, openArrays(), "online views");
        train("method", "coop", "augment", "none", "train.select", "best-val");
        assertEquals(before, openArrays(), "best of validation");
    }
}
