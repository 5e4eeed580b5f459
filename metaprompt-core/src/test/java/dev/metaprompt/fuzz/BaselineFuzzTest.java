package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.gate.Baseline;
import dev.metaprompt.gate.BaselineFile;
import dev.metaprompt.gate.GateRuns;
import dev.metaprompt.gate.Mixed;
import dev.metaprompt.gate.SampleRuns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A baseline of the gate, which comes with somebody's branch. */
class BaselineFuzzTest extends FuzzTest {
    private byte[] valid;

    @Override
    String fileName() {
        return "baseline.json";
    }

    @Override
    List<byte[]> seeds() throws Exception {
        if (valid == null) {
            Path made = folder.resolve("made");
            SampleRuns runs = new SampleRuns(made.resolve("runs")).images(20).code("0.1.0", "a");
            runs.finished(1, 70, 60);
            runs.finished(2, 70, 60);
            runs.way(10).baseOnly().finished(1, 70, 60);
            Path file = made.resolve(fileName());
            new BaselineFile(file, fileName())
                    .write(Baseline.of(GateRuns.read(made.resolve("runs"), "*", Mixed.REFUSE)
                            .groups()));
            valid = Files.readAllBytes(file);
        }
        return List.of(valid);
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        String damaged = new JsonTrees(random).damaged(new String(valid, StandardCharsets.UTF_8));
        return Optional.of(damaged.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void read(Path file) throws Exception {
        Baseline read = new BaselineFile(file, fileName()).read(Set.of());
        // Forces the disk, so not every time: what was read can be written, and is read again.
        if (Files.size(file) % 32 == 0) {
            BaselineFile copy = new BaselineFile(file.resolveSibling("copy.json"), "copy.json");
            copy.write(read);
            copy.read(Set.of());
        }
    }
}
