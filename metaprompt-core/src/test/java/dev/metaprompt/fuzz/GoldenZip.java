package dev.metaprompt.fuzz;

import dev.metaprompt.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The checkpoints that PyTorch wrote. */
final class GoldenZip {
    private GoldenZip() {}

    /** A file among them. */
    static byte[] file(String name) throws IOException {
        try (ZipFile zip =
                new ZipFile(Golden.path("checkpoints/checkpoints.zip").toFile())) {
            return zip.getInputStream(zip.getEntry(name)).readAllBytes();
        }
    }

    /** The entries of a checkpoint, by their names below its root. */
    static Map<String, byte[]> entries(String checkpoint) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        Path file = Files.createTempFile("checkpoint", ".zip");
        // PyTorch's archives cannot be read as a stream.
        try (ZipFile zip = new ZipFile(Files.write(file, file(checkpoint)).toFile())) {
            for (ZipEntry entry : zip.stream().toArray(ZipEntry[]::new)) {
                String name = entry.getName().substring(entry.getName().indexOf('/') + 1);
                entries.put(name, zip.getInputStream(entry).readAllBytes());
            }
        } finally {
            Files.delete(file);
        }
        return entries;
    }
}
