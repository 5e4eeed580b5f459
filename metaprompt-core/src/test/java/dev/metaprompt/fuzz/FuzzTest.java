package dev.metaprompt.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.metaprompt.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target: a kind of file, and what reads it. */
abstract class FuzzTest {
    private static final int INPUTS = 300;

    @TempDir
    Path folder;

    /** Where the input lies in its folder. */
    abstract String fileName();

    /** One of these must stand in an error: how its reader calls the input. */
    List<String> names() {
        return List.of(Path.of(fileName()).getFileName().toString());
    }

    /** Valid contents of at most some kilobytes. */
    abstract List<byte[]> seeds() throws Exception;

    /** Reads an input all the way. Must succeed, or throw an InvalidInputException. */
    abstract void read(Path file) throws Exception;

    /** A content made by rules, wholly or half valid. */
    Optional<byte[]> generate(RandomStream random) {
        return Optional.empty();
    }

    /** A last touch, such as making checksums right, that lets a damaged input come further. */
    byte[] mend(byte[] content, RandomStream random) {
        return content;
    }

    /** How many inputs it gets beside a target of weight 1: expensive ones get fewer. */
    double weight() {
        return 1;
    }

    /** Writes what must lie beside the input, once. */
    void prepare(Path root) throws Exception {
        Files.createDirectories(root);
    }

    final int inputs() {
        return (int) Math.ceil(weight() * Integer.getInteger("fuzz.inputs", INPUTS));
    }

    final byte[] input(List<byte[]> seeds, long seed, long index) {
        RandomStream random = RandomStream.of(seed, "fuzz " + getClass().getSimpleName(), index);
        int choice = random.nextInt(4);
        Optional<byte[]> generated = choice < 2 ? generate(random) : Optional.empty();
        byte[] content = generated.orElseGet(() -> seeds.get(random.nextInt(seeds.size())));
        if (generated.isEmpty() || choice == 1) {
            content = new Mutator(random, seeds).mutate(content);
        }
        return mend(content, random);
    }

    @Test
    void validContentsAreRead() throws Exception {
        Path root = folder.resolve("root");
        prepare(root);
        for (byte[] seed : seeds()) {
            read(Files.write(root.resolve(fileName()), seed));
        }
    }

    @Test
    void noContentDoesHarm() throws Exception {
        FuzzRun run = new FuzzRun(this, folder);
        run.go();
        run.failure().ifPresent(failure -> fail(failure));
        assertEquals(Long.getLong("fuzz.index") == null ? inputs() : 1, run.count());
        // Were everything refused, the readers behind the first check would not be tested at all.
        assertTrue(Long.getLong("fuzz.index") != null || run.accepted() > 0, "every input was refused");
        summarise(run);
    }

    private void summarise(FuzzRun run) throws IOException {
        Path file = FuzzRun.reports().resolve(getClass().getSimpleName() + ".txt");
        Files.writeString(file, run.summary() + "\n");
    }
}
