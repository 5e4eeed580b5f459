package dev.metaprompt.plugin;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Says what an exception of a library means: those of the file system say a path alone, others the name of a class. The
 * words are those of the core's {@code Reason}, which this module cannot call.
 */
final class FaultWords {
    private static final Pattern CLASS =
            Pattern.compile("(?:[a-z_][\\w$]*\\.)+[A-Z][\\w$]*(?:Exception|Error|Fault|Failure)\\w*(?:: ?|$)");

    private static final Map<Class<? extends FileSystemException>, String> WORDS = Map.of(
            NoSuchFileException.class, "there is no such file",
            AccessDeniedException.class, "access is denied",
            FileAlreadyExistsException.class, "something of that name is there already",
            NotDirectoryException.class, "it is no folder",
            DirectoryNotEmptyException.class, "the folder is not empty",
            FileSystemLoopException.class, "links lead in a circle");

    private FaultWords() {}

    /** Returns one line, without names of classes; never empty. */
    static String of(Throwable thrown) {
        if (thrown instanceof FileSystemException fault) {
            return Stream.concat(Optional.ofNullable(fault.getFile()).stream(), Stream.of(reason(fault)))
                    .reduce((file, reason) -> file + ": " + reason)
                    .orElseThrow();
        }
        String message = Optional.ofNullable(thrown.getMessage()).orElse("");
        boolean ofItsCause = thrown.getCause() != null
                && List.of("", thrown.getCause().toString()).contains(message);
        if (ofItsCause) {
            return of(thrown.getCause());
        }
        String words = CLASS.matcher(message.strip().lines().findFirst().orElse(""))
                .replaceAll("")
                .strip();
        if (words.isEmpty()) {
            return thrown instanceof IOException ? "reading or writing failed" : "a fault of the program itself";
        }
        return words;
    }

    private static String reason(FileSystemException fault) {
        String reason = Optional.ofNullable(fault.getReason()).orElse("");
        return Optional.ofNullable(WORDS.get(fault.getClass()))
                .orElse(reason.isBlank() ? "the file system refuses" : reason);
    }
}
