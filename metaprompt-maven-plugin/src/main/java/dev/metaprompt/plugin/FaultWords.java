package dev.metaprompt.plugin;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Says what an exception of a library means: those of the file system say a path alone, others the name of a class. */
final class FaultWords {
    private static final Pattern CLASS =
            Pattern.compile("(?:[a-z_][\\w$]*\\.)+[A-Z][\\w$]*(?:Exception|Error|Failure)\\w*(?:: ?|$)");

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
        return words.isEmpty() ? "a fault of the program itself" : words;
    }

    private static String reason(FileSystemException fault) {
        if (fault instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (fault instanceof AccessDeniedException) {
            return "access is denied";
        }
        if (fault instanceof FileAlreadyExistsException) {
            return "something of that name is there already";
        }
        if (fault instanceof NotDirectoryException) {
            return "it is no folder";
        }
        String reason = fault.getReason();
        return reason == null || reason.isBlank() ? "the file system refuses" : reason;
    }
}
