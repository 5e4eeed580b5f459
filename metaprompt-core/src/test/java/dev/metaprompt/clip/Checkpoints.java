package dev.metaprompt.clip;

import dev.metaprompt.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The golden archive of one tiny CLIP in every format. */
public final class Checkpoints {
    private Checkpoints() {}

    /**
     * Unpacks the archive, with a tokenizer beside each of the checkpoints.
     *
     * @param folder a folder; what is there of an earlier call is written again
     * @return the folder
     */
    public static Path unpack(Path folder) {
        try (ZipInputStream zip =
                new ZipInputStream(Files.newInputStream(Golden.path("checkpoints/checkpoints.zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                Path tokenizer = file.resolveSibling("tokenizer.json");
                if (!Files.exists(tokenizer)) {
                    Files.copy(Golden.path("clip-quick/tokenizer.json"), tokenizer);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
