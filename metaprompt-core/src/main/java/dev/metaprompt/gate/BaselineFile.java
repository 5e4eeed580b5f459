package dev.metaprompt.gate;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.RunSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A baseline in a file of the repository. Every configuration in it must have runs, or it would go unchecked. */
public final class BaselineFile implements BaselineSource {
    private static final String WRITE = "write it with -Dmetaprompt.check.update";
    /** In bytes; a configuration of a million images and a hundred seeds has a sixtieth. */
    private static final long LARGEST = 1L << 30;

    private final Path file;
    private final String name;

    /**
     * Names a file.
     *
     * @param file it need not exist yet
     * @param name how messages name it: as the user wrote it, so that they are the same on every machine
     */
    public BaselineFile(Path file, String name) {
        this.file = file;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Baseline read(Set<RunSetting> checked) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(
                    "check.baseline is " + file + ", but there is no such file. Name another, or " + WRITE + ".");
        }
        try {
            return BaselineJson.read(UserText.read(file, LARGEST));
        } catch (InvalidInputException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new InvalidInputException(
                    file + ": is no baseline of this version (" + Quoted.reason(e) + "). Restore it, or delete it and "
                            + WRITE + ".",
                    e);
        }
    }

    /**
     * Reads what stands in the file, to be kept beside what is written into it.
     *
     * @return an empty baseline if there is no file
     * @throws InvalidInputException if it is no baseline
     */
    public Baseline existing() {
        return Files.exists(file) ? read(Set.of()) : new Baseline(List.of());
    }

    /**
     * Replaces the file in one piece. The same runs give the same bytes.
     *
     * @param baseline what is to stand in it
     * @throws InvalidInputException if it cannot be written; the earlier file is then intact
     */
    public void write(Baseline baseline) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "check.baseline is " + file + ", but the folder " + folder + " cannot be made (" + Quoted.reason(e)
                            + "). Name a file that can be written.",
                    e);
        }
        AtomicFiles.writeText(file, BaselineJson.write(baseline));
    }
}
