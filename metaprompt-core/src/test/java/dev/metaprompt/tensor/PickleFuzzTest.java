package dev.metaprompt.tensor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real pickles and archives with a few bytes changed: read, or refused in one line, and soon. */
class PickleFuzzTest {
    private static final int PICKLES = 4000;
    private static final int ARCHIVES = 400;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private Path extract(String name) throws IOException {
        Path file = folder.resolve(name);
        try (ZipInputStream zip =
                new ZipInputStream(Files.newInputStream(Golden.path("checkpoints/checkpoints.zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(name)) {
                    Files.copy(zip, file);
                }
            }
        }
        return file;
    }

    private static byte[] changed(byte[] original, Random random, int from) {
        byte[] bytes = original.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = from + random.nextInt(bytes.length - from);
            bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[random.nextInt(bytes.length)]);
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"awkward.pth", "script.pt"})
    void changedPicklesAreReadOrRefused(String name) throws IOException {
        byte[] pickle;
        try (ZipFile zip = new ZipFile(extract(name).toFile())) {
            String root = name.substring(0, name.indexOf('.'));
            pickle = zip.getInputStream(zip.getEntry(root + "/data.pkl")).readAllBytes();
        }
        assertFalse(StateDict.of(PickleReader.read(pickle)).isEmpty());
        Random random = new Random(20261123);
        int refused = assertTimeoutPreemptively(LIMIT, () -> {
            int count = 0;
            for (int i = 0; i < PICKLES; i++) {
                try {
                    StateDict.of(PickleReader.read(changed(pickle, random, 0)));
                } catch (PickleException e) {
                    assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
                    count++;
                }
            }
            return count;
        });
        assertTrue(refused > PICKLES / 10, refused + " refused");
    }

    @Test
    void changedArchivesAreReadOrRefusedWithTheirName() throws IOException {
        PickleWriter pickle = new PickleWriter();
        pickle.op('}')
                .text("x")
                .tensor("0", 6, 0, new long[] {3, 2}, new long[] {1, 3})
                .op('s');
        Path file = PickleWriter.archive(folder.resolve("model.pt"), pickle.stop(), new byte[24]);
        byte[] archive = Files.readAllBytes(file);
        Random random = new Random(20261124);
        assertTimeoutPreemptively(LIMIT, () -> {
            for (int i = 0; i < ARCHIVES; i++) {
                Files.write(file, changed(archive, random, 4));
                try (TensorFile open = TensorFile.open(file)) {
                    for (String name : open.names()) {
                        open.readFloats(name);
                    }
                } catch (InvalidInputException e) {
                    Golden.assertOneLine(e, file.toString());
                }
            }
        });
    }
}
