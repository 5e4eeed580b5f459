package dev.metaprompt.tensor;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Tells by a file's first bytes what it is, and says what to do with the kinds that are not read. */
final class CheckpointKind {
    private static final int START = 512;
    private static final int TAR_MAGIC = 257;
    private static final String ADVICE =
            ". Load it with PyTorch and save it again with torch.save of PyTorch 1.6 or" + " newer, or as safetensors.";

    private CheckpointKind() {}

    /** Returns true for a zip file, false for what may be a safetensors file. */
    static boolean requireZip(Path file) {
        String start = start(file);
        if (start.startsWith("PK\3\4")) {
            return true;
        }
        if (start.startsWith("ustar", TAR_MAGIC)) {
            throw new InvalidInputException(file + " is a tar archive, as PyTorch before 0.2 wrote it" + ADVICE);
        }
        if (start.startsWith("\u0080")) {
            throw new InvalidInputException(
                    file + " is a pickle without a zip file around it, as torch.save of PyTorch before 1.6 wrote it"
                            + ADVICE);
        }
        if (start.startsWith("version https://git-lfs")) {
            throw new InvalidInputException(
                    file + " is a pointer of Git LFS and holds no weights. Fetch the file itself with git lfs pull.");
        }
        // A safetensors file begins with the length of its header, below 2^32, and a brace.
        if (start.startsWith("\0\0\0\0{", Integer.BYTES)) {
            return false;
        }
        throw new InvalidInputException(file + " is neither a safetensors file nor a zip file of torch.save"
                + ". Name a checkpoint in one of these formats, or fetch the file again.");
    }

    private static String start(Path file) {
        try (InputStream in = PlainFiles.readBehindLinks(file)) {
            return new String(in.readNBytes(START), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + " cannot be read: " + Quoted.reason(e) + ". Name a weight file that exists.", e);
        }
    }
}
