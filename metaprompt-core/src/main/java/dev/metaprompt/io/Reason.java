package dev.metaprompt.io;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Says in words what an exception says by its class, or by a path, or by the name of another class. */
final class Reason {
    /** How Gson's reader, of which no user knows, begins to say that a text is no JSON. */
    private static final String STRICT = "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON";

    /** What the text of one exception that stands for another begins with, or holds. */
    private static final Pattern CLASS =
            Pattern.compile("(?:[a-z_][\\w$]*\\.)+[A-Z][\\w$]*(?:Exception|Error|Fault|Failure)\\w*(?:: ?|$)");

    /** A path alone. */
    private static final Pattern PATH = Pattern.compile("(?:[A-Za-z]:)?[/\\\\]\\S*");

    /** Whose message is a name alone or nothing, or speaks of classes; the first that fits counts. */
    private static final Map<Class<? extends Throwable>, String> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put(NoSuchFileException.class, "there is no such file");
        WORDS.put(AccessDeniedException.class, "access is denied");
        WORDS.put(FileAlreadyExistsException.class, "something of that name is there already");
        WORDS.put(NotDirectoryException.class, "it is no folder");
        WORDS.put(DirectoryNotEmptyException.class, "the folder is not empty");
        WORDS.put(FileSystemLoopException.class, "links lead in a circle");
        WORDS.put(CharacterCodingException.class, "it is no UTF-8 text");
        WORDS.put(UnknownHostException.class, "the host is unknown");
        WORDS.put(UnresolvedAddressException.class, "the host is unknown");
        WORDS.put(ClosedChannelException.class, "it was closed meanwhile");
        WORDS.put(BufferUnderflowException.class, "it ends too early");
        WORDS.put(StackOverflowError.class, "it is nested too deeply");
        WORDS.put(NullPointerException.class, "a value is missing");
        WORDS.put(ClassCastException.class, "a value is of another kind");
        WORDS.put(ArrayStoreException.class, "a value is of another kind");
        WORDS.put(CancellationException.class, "it was stopped");
        WORDS.put(InterruptedException.class, "it was stopped");
    }

    /** For those that may say more, and do not. */
    private static final Map<Class<? extends Throwable>, String> WITHOUT_MESSAGE = new LinkedHashMap<>();

    static {
        WITHOUT_MESSAGE.put(FileSystemException.class, "the file system refuses");
        WITHOUT_MESSAGE.put(EOFException.class, "it ends too early");
        WITHOUT_MESSAGE.put(ConnectException.class, "the connection was refused");
        WITHOUT_MESSAGE.put(SocketTimeoutException.class, "no answer in time");
        WITHOUT_MESSAGE.put(HttpTimeoutException.class, "no answer in time");
        WITHOUT_MESSAGE.put(TimeoutException.class, "no end in time");
        WITHOUT_MESSAGE.put(OutOfMemoryError.class, "there is not enough memory");
        WITHOUT_MESSAGE.put(IndexOutOfBoundsException.class, "a number is out of range");
        WITHOUT_MESSAGE.put(UnsupportedOperationException.class, "that is not supported");
        WITHOUT_MESSAGE.put(IOException.class, "reading or writing failed");
        WITHOUT_MESSAGE.put(LinkageError.class, "a part of the program is missing");
        WITHOUT_MESSAGE.put(Throwable.class, "a fault of the program itself");
    }

    private Reason() {}

    /** Returns one line, of any length; never empty. */
    static String of(Throwable thrown) {
        if (thrown instanceof InvalidPathException fault) {
            return path(fault);
        }
        return words(WORDS, thrown).orElseGet(() -> said(thrown));
    }

    private static Optional<String> words(Map<Class<? extends Throwable>, String> words, Throwable thrown) {
        return words.entrySet().stream()
                .filter(entry -> entry.getKey().isInstance(thrown))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String path(InvalidPathException fault) {
        return isOfTheLocale(fault)
                ? "this locale (" + System.getProperty("sun.jnu.encoding")
                        + ") cannot write its name; set LC_ALL=C.UTF-8"
                : line(fault.getReason());
    }

    /** Tells whether it is the locale that does not let a name be one. */
    static boolean isOfTheLocale(Throwable thrown) {
        return thrown instanceof InvalidPathException fault && fault.getReason().startsWith("Malformed input");
    }

    /** Returns the name that it is about, if it is of the file system. */
    static Optional<String> file(Throwable thrown) {
        if (thrown instanceof InvalidPathException fault) {
            return Optional.of(fault.getInput());
        }
        return thrown instanceof FileSystemException fault ? Optional.ofNullable(fault.getFile()) : Optional.empty();
    }

    private static String said(Throwable thrown) {
        String own = own(thrown);
        if (!own.isEmpty() && !repeatsItsCause(thrown)) {
            return own;
        }
        if (thrown.getCause() != null && !isRefused(thrown)) {
            return of(thrown.getCause());
        }
        return words(WITHOUT_MESSAGE, thrown).orElseThrow();
    }

    /** The JDK's client closes its channel where nobody listens, and gives that for the cause. */
    private static boolean isRefused(Throwable thrown) {
        return thrown instanceof ConnectException && thrown.getCause() instanceof ClosedChannelException;
    }

    /** What it says itself, without names of classes; empty if that is nothing, or a path. */
    static String own(Throwable thrown) {
        String message = line(thrown instanceof FileSystemException fault ? fault.getReason() : thrown.getMessage());
        message = CLASS.matcher(message).replaceAll("").strip();
        if (thrown instanceof LinkageError || PATH.matcher(message).matches()) {
            return "";
        }
        return message.startsWith(STRICT) ? "malformed JSON" + message.substring(STRICT.length()) : message;
    }

    /** Tells whether its words are of this program, which says all that is to be said. */
    static boolean isOurs(Throwable thrown) {
        return thrown.getClass().getName().startsWith("dev.metaprompt.")
                && thrown.getMessage() != null
                && !thrown.getMessage().isBlank();
    }

    private static boolean repeatsItsCause(Throwable thrown) {
        return thrown.getCause() != null && thrown.getCause().toString().equals(thrown.getMessage());
    }

    private static String line(String text) {
        return text == null ? "" : text.strip().lines().findFirst().orElse("").strip();
    }
}
