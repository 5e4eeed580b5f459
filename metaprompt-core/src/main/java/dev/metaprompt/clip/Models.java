package dev.metaprompt.clip;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Finds the folder of a model: the embedded nano-CLIP or a folder on disk. */
public final class Models {
    /** The name of the embedded model. */
    public static final String NANO_CLIP = "nano-clip";

    /** Begins the weights' SHA-256. Stands here because digesting them at every start takes a tenth of a second. */
    static final String NANO_CLIP_DIGEST = "8165cdc9c7cd";

    private static final List<String> NANO_CLIP_FILES = List.of(
            "config.json",
            "metaprompt.yaml",
            "model.safetensors",
            "preprocessor_config.json",
            "tokenizer.json",
            "tokenizer_config.json");

    private Models() {}

    /**
     * Finds a model.
     *
     * @param name {@code nano-clip} or a folder
     * @param base what a relative folder is relative to
     * @param cache where the embedded model is unpacked
     * @return the folder
     * @throws InvalidInputException if there is no such model
     */
    public static ModelFolder find(String name, Path base, Path cache) {
        if (name.equals(NANO_CLIP)) {
            return new ModelFolder(name, unpack(cache));
        }
        Path folder = base.resolve(name).normalize();
        if (!Files.isDirectory(folder) && !Files.isRegularFile(folder)) {
            throw new InvalidInputException(
                    "model is " + Quoted.of(name) + ": there is no folder " + Quoted.path(folder) + ". Use " + NANO_CLIP
                            + ", a folder with config.json, model.safetensors and tokenizer.json, or a weight file.");
        }
        return new ModelFolder(name, folder);
    }

    // A file is replaced only when its bytes differ, so that several processes may unpack at once.
    // The folder bears the weights' digest, so that versions of the project do not overwrite each other.
    private static Path unpack(Path cache) {
        Path folder = Inside.require(cache, "models/" + NANO_CLIP + "-" + NANO_CLIP_DIGEST, "the cache folder");
        try {
            Files.createDirectories(folder);
            for (String file : NANO_CLIP_FILES) {
                byte[] bytes = resource(file);
                Path target = folder.resolve(file);
                if (!isThere(target, bytes)) {
                    Path temporary = target.resolveSibling("." + file + "." + UUID.randomUUID() + ".tmp");
                    Files.write(temporary, bytes);
                    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new InvalidInputException(
                    NANO_CLIP + " cannot be unpacked to " + folder + ": " + Quoted.reason(e)
                            + ". Permit writing there, or name another folder as cache.",
                    e);
        }
    }

    private static boolean isThere(Path file, byte[] bytes) throws IOException {
        return Files.isRegularFile(file)
                && Files.size(file) == bytes.length
                && Arrays.equals(Files.readAllBytes(file), bytes);
    }

    private static byte[] resource(String file) throws IOException {
        try (InputStream in = Models.class.getResourceAsStream("/dev/metaprompt/nano-clip/" + file)) {
            if (in == null) {
                throw new IOException("resource nano-clip/" + file + " is missing");
            }
            return in.readAllBytes();
        }
    }
}
