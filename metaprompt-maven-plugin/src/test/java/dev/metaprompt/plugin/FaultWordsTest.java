package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
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

    /** Whether a file is missed before or behind the fork, it is said in the same words. */
    @Test
    void wordsAndNamesOfClassesAreThoseOfTheCore() throws Exception {
        String core = Files.readString(Path.of("..", "metaprompt-core", "src/main/java/dev/metaprompt/io/Reason.java"));
        Map<String, String> words = new HashMap<>();
        Pattern.compile("put\\((\\w+)\\.class, \"([^\"]+)\"\\)")
                .matcher(core)
                .results()
                .forEach(found -> words.put(found.group(1), found.group(2)));
        List<String> ofFiles = Pattern.compile("import java\\.nio\\.file\\.(\\w+);")
                .matcher(core)
                .results()
                .map(found -> found.group(1))
                .filter(words::containsKey)
                .toList();
        assertEquals(7, ofFiles.size(), ofFiles.toString());
        for (String name : ofFiles) {
            Throwable fault = (Throwable) Class.forName("java.nio.file." + name)
                    .getConstructor(String.class)
                    .newInstance("/a");
            assertEquals("/a: " + words.get(name), FaultWords.of(fault));
        }
        assertEquals(words.get("IOException"), FaultWords.of(new IOException()));
        assertEquals(words.get("Throwable"), FaultWords.of(new IllegalStateException()));
        assertEquals(names(core), names(Files.readString(SOURCES.resolve("dev/metaprompt/plugin/FaultWords.java"))));
    }

    private static String names(String source) {
        Matcher names =
                Pattern.compile(" CLASS =\\s+Pattern\\.compile\\((.+)\\);").matcher(source);
        assertTrue(names.find());
        return names.group(1);
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
