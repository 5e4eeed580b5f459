package dev.metaprompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What build, tests and benchmark download beside Maven's artifacts must be named with its digest. */
class DownloadsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> NOT_OURS = Set.of(".git", "target", "shared");
    private static final Pattern PINNED =
            Pattern.compile("[a-z0-9-]+==[^ ;]+( ; [^\\\\]+)?( --hash=sha256:[0-9a-f]{64})+");
    /** A command line, or a list of its words. */
    private static final Pattern PIP_INSTALLS = Pattern.compile("pip\\W{1,8}install\\b");

    private static final Pattern HASHES = Pattern.compile("--require-hashes");

    @Test
    void theWrapperComparesMavenWithADigest() throws IOException {
        Properties wrapper = new Properties();
        try (Reader in = Files.newBufferedReader(ROOT.resolve(".mvn/wrapper/maven-wrapper.properties"))) {
            wrapper.load(in);
        }
        assertTrue(wrapper.getProperty("distributionSha256Sum", "").matches("[0-9a-f]{64}"), wrapper.toString());
        assertTrue(Files.readString(ROOT.resolve("mvnw")).contains("sha256sum -c"), "the script looks at it");
    }

    @Test
    void everyPythonPackageHasItsDigests() throws IOException {
        List<Path> lists = files("requirements[^/]*\\.txt");
        assertFalse(lists.isEmpty(), "no lists below " + ROOT);
        for (Path list : lists) {
            String text = Files.readString(list).replaceAll("(?m)^\\s*#.*$", "").replaceAll("\\\\\\R\\s*", "");
            List<String> packages = text.lines().filter(line -> !line.isBlank()).toList();
            assertFalse(packages.isEmpty(), list.toString());
            for (String line : packages) {
                assertTrue(PINNED.matcher(line).matches(), list + ": " + line);
            }
        }
    }

    /** What is asked for must be on the list, of the version that is asked for. */
    @Test
    void theListsHoldWhatIsAskedFor() throws IOException {
        for (Path asked : files("requirements[^/]*\\.in")) {
            String list = Files.readString(
                    asked.resolveSibling(asked.getFileName().toString().replaceFirst("\\.in$", ".txt")));
            for (String line : Files.readAllLines(asked)) {
                String pinned = "\n" + line.toLowerCase(Locale.ROOT).replace('_', '-') + " ";
                assertTrue(line.startsWith("#") || list.contains(pinned), asked + ": " + line);
            }
        }
    }

    @Test
    void pipComparesDigestsWhereverItInstalls() throws IOException {
        List<String> without = new ArrayList<>();
        int commands = 0;
        for (Path file : files("[^/]*\\.(sh|py|java)|run")) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).replaceAll("\\\\\\R", "");
            for (String statement : text.split(";\\R|\\R(?=\\S)|\\R\\s*\\R")) {
                if (PIP_INSTALLS.matcher(statement.replaceAll("\\s+", " ")).find()) {
                    commands++;
                    if (!HASHES.matcher(statement).find()) {
                        without.add(ROOT.relativize(file) + ": " + statement.strip());
                    }
                }
            }
        }
        assertEquals(List.of(), without);
        assertTrue(commands >= 5, "only " + commands + " commands were found");
    }

    private static List<Path> files(String name) throws IOException {
        Pattern pattern = Pattern.compile(name);
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString()) && !folder.equals(ROOT)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (pattern.matcher(file.getFileName().toString()).matches()) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }
}
