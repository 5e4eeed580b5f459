package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code run.json}: read, listed among others, and written again. */
class RunRecordFuzzTest extends FuzzTest {
    private List<byte[]> seeds;

    @Override
    String fileName() {
        return RunDirectory.RECORD;
    }

    @Override
    List<byte[]> seeds() throws Exception {
        if (seeds == null) {
            RunRecord running = Records.running("r");
            Path folder = Files.createTempDirectory("fuzz-records");
            Path file = Files.createFile(folder.resolve(fileName()));
            RunDirectory directory = RunDirectory.open(folder);
            directory.writeRecord(running);
            byte[] first = Files.readAllBytes(file);
            directory.writeRecord(
                    running.finished(Records.START, Records.results(60, 50, 54.5), Map.of("training", 1.5)));
            byte[] second = Files.readAllBytes(file);
            Files.delete(file);
            Files.delete(folder);
            seeds = List.of(first, second);
        }
        return seeds;
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        String valid = new String(seeds.get(random.nextInt(seeds.size())), StandardCharsets.UTF_8);
        return Optional.of(new JsonTrees(random).damaged(valid).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void read(Path file) throws Exception {
        RunDirectory directory = RunDirectory.open(file.getParent());
        RunRecord record = directory.readRecord();
        // Forces the disk, so not every time.
        if (Files.size(file) % 32 == 0) {
            directory.writeRecord(record);
            RunDirectory.newest(file.getParent().getParent());
        }
    }
}
