package dev.metaprompt.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.translate.TranslateException;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import dev.metaprompt.InvalidInputException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an error may say of a file. */
class QuotedTest {
    @TempDir
    Path folder;

    @Test
    void aTextIsCutToEightyCharactersOfOneLine() {
        assertEquals("a".repeat(80), Quoted.of("a".repeat(80)));
        assertEquals("a".repeat(80) + "…", Quoted.of("a".repeat(81)));
        assertEquals("a b ?[31m??c", Quoted.of(" a \r\n\n b \u001b[31m\u202e\u2028c"));
        // half of a character is none
        assertEquals("a".repeat(79) + "…", Quoted.of("a".repeat(79) + "\uD83D\uDE00"));
        assertEquals("null", Quoted.of((Object) null));
        assertEquals("a".repeat(200) + "…", Quoted.of("a".repeat(201), 200));
    }

    @Test
    void aPlaceIsNamedAsFarAsItExists() throws IOException {
        Path there = Files.createDirectories(folder.resolve("b".repeat(90)));
        assertEquals(there.toString(), Quoted.path(there));
        assertEquals(
                there + "/" + "c".repeat(80) + "…",
                Quoted.path(there.resolve("c".repeat(200))).replace('\\', '/'));
        assertEquals("d".repeat(80) + "…", Quoted.path(Path.of("d".repeat(100))));
    }

    @Test
    void aReasonNamesNoFileAndNoClass() {
        assertEquals("there is no such file", Quoted.reason(new NoSuchFileException("/a")));
        assertEquals("it is a folder", Quoted.reason(new FileSystemException("/a", null, "it is a folder")));
        assertEquals("the file system refuses", Quoted.reason(new FileSystemException("/a")));
        assertEquals("reading or writing failed", Quoted.reason(new IOException()));
        assertEquals("reading or writing failed", Quoted.reason(new IOException("/a/b")));
        assertEquals("access is denied", Quoted.reason(new UncheckedIOException(new AccessDeniedException("/a"))));
        assertEquals("there is no such file", Quoted.reason(new ExecutionException(new NoSuchFileException("/a"))));
        assertEquals(
                "PKIX path building failed: no path",
                Quoted.reason(new IOException("PKIX path building failed: java.security.cert.AbcException: no path")));
        assertEquals("first", Quoted.reason(new IOException("first\nsecond")));
        assertEquals("x".repeat(80) + "…", Quoted.reason(new IOException("x".repeat(100))));
    }

    /** As the JDK's client throws it: the channel that it closes is not the reason. */
    @Test
    void aConnectionThatIsRefusedIsNotCalledClosed() {
        Throwable closed = new ClosedChannelException();
        Throwable inner = new ConnectException().initCause(closed);
        assertEquals("the connection was refused", Quoted.reason(inner));
        assertEquals("the connection was refused", Quoted.reason(new ConnectException().initCause(inner)));
        assertEquals("it was closed meanwhile", Quoted.reason(new IOException(closed)));
        assertEquals(
                "the host is unknown",
                Quoted.reason(new ConnectException().initCause(new UnresolvedAddressException())));
    }

    /** All that the class library has, and DJL's: made with nothing, with a path, and as what wraps another. */
    @Test
    void noReasonIsAClassOrAPath() throws Exception {
        List<Class<? extends Throwable>> kinds = List.of(
                IOException.class,
                EOFException.class,
                UncheckedIOException.class,
                IllegalStateException.class,
                RuntimeException.class,
                Error.class,
                OutOfMemoryError.class,
                StackOverflowError.class,
                NullPointerException.class,
                ClassCastException.class,
                IndexOutOfBoundsException.class,
                UnsupportedOperationException.class,
                NumberFormatException.class,
                ExecutionException.class,
                CompletionException.class,
                TimeoutException.class,
                CancellationException.class,
                InterruptedException.class,
                NoClassDefFoundError.class,
                UnsatisfiedLinkError.class,
                ExceptionInInitializerError.class,
                ClosedChannelException.class,
                BufferUnderflowException.class,
                ConnectException.class,
                UnknownHostException.class,
                SocketTimeoutException.class,
                FileSystemException.class,
                NoSuchFileException.class,
                AccessDeniedException.class,
                FileAlreadyExistsException.class,
                NotDirectoryException.class,
                DirectoryNotEmptyException.class,
                FileSystemLoopException.class,
                FileNotFoundException.class,
                MalformedInputException.class,
                JsonParseException.class,
                ZipException.class,
                SSLException.class,
                EngineException.class,
                TranslateException.class,
                IllegalArgumentException.class,
                NoSuchElementException.class,
                ConcurrentModificationException.class,
                InvocationTargetException.class);
        for (Class<? extends Throwable> kind : kinds) {
            int made = 0;
            for (Constructor<?> constructor : kind.getDeclaredConstructors()) {
                Optional<Object[]> arguments = arguments(constructor);
                if (arguments.isEmpty()) {
                    continue;
                }
                Throwable thrown = (Throwable) constructor.newInstance(arguments.get());
                for (String shown : List.of(Quoted.reason(thrown), Quoted.fault(thrown))) {
                    made++;
                    assertFalse(shown.isBlank(), kind.getName());
                    assertFalse(shown.matches(".*(Exception|Error)\\b.*"), kind.getName() + ": " + shown);
                    assertFalse(shown.matches("/\\S*"), kind.getName() + ": " + shown);
                }
            }
            assertTrue(made > 0, kind.getName());
        }
    }

    private static Optional<Object[]> arguments(Constructor<?> constructor) {
        List<Object> arguments = new ArrayList<>();
        for (Class<?> type : constructor.getParameterTypes()) {
            if (type == String.class || type == Object.class) {
                arguments.add("/a/b");
            } else if (type == Throwable.class || type == IOException.class || type == Exception.class) {
                arguments.add(new NoSuchFileException("/a/c"));
            } else if (type == int.class) {
                arguments.add(1);
            } else {
                return Optional.empty();
            }
        }
        return Modifier.isPublic(constructor.getModifiers()) ? Optional.of(arguments.toArray()) : Optional.empty();
    }

    @Test
    void aFaultNamesTheFilesAndTheReasonsBehind() {
        assertEquals("/a: there is no such file", Quoted.fault(new NoSuchFileException("/a")));
        assertEquals("/a: access is denied", Quoted.fault(new UncheckedIOException(new AccessDeniedException("/a"))));
        assertEquals(
                "writing: No space left",
                Quoted.fault(new IOException("writing\nx", new IOException("No space left"))));
        assertEquals("a fault of the program itself", Quoted.fault(new IllegalStateException()));
        assertEquals("a value is missing", Quoted.fault(new NullPointerException("Cannot invoke \"a.B.c()\"")));
        String own = "x".repeat(500);
        assertEquals(own, Quoted.fault(new InvalidInputException(own, new IOException("y"))));
    }

    @Test
    void aNameThatTheLocaleCannotWriteIsToldWithTheWayOut() {
        InvalidPathException fault =
                new InvalidPathException("Caf?", "Malformed input or input contains unmappable characters");
        assertTrue(Quoted.isOfTheLocale(new IllegalStateException(fault)));
        assertFalse(Quoted.isOfTheLocale(new InvalidPathException("a\0", "Nul character not allowed")));
        String way = ") cannot write its name; set LC_ALL=C.UTF-8";
        assertTrue(Quoted.fault(fault).startsWith("Caf?: this locale ("), Quoted.fault(fault));
        assertTrue(Quoted.fault(fault).endsWith(way), Quoted.fault(fault));
        assertTrue(Quoted.reason(fault).endsWith(way), Quoted.reason(fault));
    }

    @Test
    void aReasonOfTheJsonReaderIsForReaders() {
        assertEquals("malformed JSON at line 1 column 3 path $.", parsed("{a: 1}"));
        assertEquals("End of input at line 1 column 2 path $.", parsed("{"));
    }

    private static String parsed(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        return Quoted.reason(assertThrows(JsonParseException.class, () -> JsonParser.parseReader(reader)));
    }
}
