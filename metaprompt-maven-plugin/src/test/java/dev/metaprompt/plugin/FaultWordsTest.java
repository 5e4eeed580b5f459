package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultWordsTest {
    private static final Path SOURCES = Path.of("src", "main", "java");

    /** An exception's own words, and exceptions that are joined to a text. */
    private static final Pattern SHOWN = Pattern.compile(
            "\\b(?:e|t|error|cause|fault|thrown)(?:\\.getCause\\(\\))?\\.(?:getMessage|toString|getLocalizedMessage)\\(\\)"
                    + "|[+] (?:e|error|cause|fault|thrown)(?:\\.getCause\\(\\))?(?= *[+;),])");

    /** Mojo exceptions of our own, and what goes into a stack trace. */
    private static final Set<String> ALLOWED =
            Set.of("AbstractGoalMojo: e.getMessage()", "SafeError: error.toString()", "SafeError: t.getMessage()");

    @Test
    void nobodyElseShowsWhatAnExceptionSays() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                SHOWN.matcher(Files.readString(file))
                        .results()
                        .map(shown -> name + ": " + shown.group())
                        .filter(shown -> !name.equals("FaultWords"))
                        .forEach(found::add);
            }
        }
        assertEquals(new TreeSet<>(ALLOWED), found);
    }

    @Test
    void noClassAndNoBarePathIsTheWhole() {
        assertEquals("/a: there is no such file", FaultWords.of(new NoSuchFileException("/a")));
        assertEquals("/a: access is denied", FaultWords.of(new UncheckedIOException(new AccessDeniedException("/a"))));
        assertEquals("/a: the file system refuses", FaultWords.of(new FileSystemException("/a")));
        assertEquals("no space", FaultWords.of(new IOException("no space\nmore")));
        assertEquals("no space", FaultWords.of(new IOException(new IOException("java.io.IOException: no space"))));
        assertEquals("a fault of the program itself", FaultWords.of(new IllegalStateException()));
    }

    @Test
    void whatMavenShowsOfACauseIsInWordsAndItsTraceNamesIt() {
        Throwable shown = SafeError.of(new UncheckedIOException(new NoSuchFileException("/a")));
        assertEquals("/a: there is no such file", shown.getMessage());
        assertEquals("/a: there is no such file", shown.getCause().getMessage());
        assertEquals("java.nio.file.NoSuchFileException: /a", shown.getCause().toString());
        IOException plain = new IOException("no space");
        assertSame(plain, SafeError.of(plain));
    }
}
