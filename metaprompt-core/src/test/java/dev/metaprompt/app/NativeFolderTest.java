package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.TestJvm;
import dev.metaprompt.clip.Models;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Someone else of this machine plants libraries where this user's might be loaded from. */
@DisabledOnOs(OS.WINDOWS)
class NativeFolderTest {
    /** The name under which the tokenizers look for what they unpacked earlier. */
    private static final String LIBRARY = "tokenizers/0.21.0-0.35.1-cpu-linux-x86_64/libtokenizers.so";

    @TempDir
    private Path temp;

    private Path home;
    private Path shared;
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void create() throws IOException {
        temp = temp.toRealPath();
        home = Files.createDirectory(temp.resolve("home"));
        shared = Files.createDirectory(temp.resolve("shared"));
        Files.setAttribute(shared, "unix:mode", 01777);
        environment.put("HOME", home.toString());
    }

    private Path choose(Path cache) {
        return new NativeFolder(environment, properties::get, new UserCache(environment, "?", shared))
                .choose(Optional.ofNullable(cache));
    }

    private String refusal(Path cache) {
        return assertThrows(InvalidInputException.class, () -> choose(cache)).getMessage();
    }

    private static Path open(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        return folder;
    }

    /** Never outside the test's own folder, whatever was chosen. */
    private Path plant(Path folder) throws IOException {
        assertTrue(folder.startsWith(temp), folder.toString());
        Path library = folder.resolve(LIBRARY);
        Files.createDirectories(library.getParent());
        return Files.writeString(library, "planted");
    }

    @Test
    void theFolderLiesInTheCacheAndIsClosed() throws IOException {
        Path folder = choose(temp.resolve("cache"));
        assertEquals(temp.resolve("cache/native"), folder);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        assertEquals(home.resolve(".cache/metaprompt/native"), choose(null));
        environment.clear();
        assertEquals(shared.resolve("metaprompt-" + TrustedPath.user() + "/native"), choose(null));
    }

    @Test
    void aCacheThatOthersWriteIsNotUsedForLibraries() throws IOException {
        Path team = open(temp.resolve("team"));
        plant(team.resolve("native"));
        assertEquals(home.resolve(".cache/metaprompt/native"), choose(team));
        Path below = Files.createDirectory(team.resolve("below"));
        assertEquals(home.resolve(".cache/metaprompt/native"), choose(below));
        assertFalse(Files.exists(below.resolve("native")));
    }

    @Test
    void aLibraryThatOthersMayHaveWrittenIsRefusedByName() throws IOException {
        Path folder = choose(temp.resolve("cache"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path library = plant(folder);
        Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rw-r--rw-"));
        String text = refusal(temp.resolve("cache"));
        assertTrue(text.startsWith(folder + ": " + library + " can be written by others (rw-r--rw-)."), text);
        assertTrue(text.endsWith(" Remove " + folder + "; it is made anew."), text);
    }

    @Test
    void whatVariablesNameIsLookedAtToo() throws IOException {
        Path team = open(temp.resolve("team"));
        for (String name : List.of("ENGINE_CACHE_DIR", "DJL_CACHE_DIR", "PYTORCH_LIBRARY_PATH", "RUST_LIBRARY_PATH")) {
            environment.put(name, team.toString());
            String text = refusal(temp.resolve("cache"));
            assertTrue(
                    text.startsWith(name + " is " + team + ", but " + team
                            + " can be written by others (rwxrwxrwx). Native libraries are loaded from there"),
                    text);
            environment.remove(name);
            properties.put(name, team.toString());
            assertEquals(text, refusal(temp.resolve("cache")));
            properties.remove(name);
        }
        Path own = Files.createDirectory(home.resolve("libtorch"));
        environment.put("PYTORCH_LIBRARY_PATH", own.toString());
        environment.put("DJL_CACHE_DIR", home.resolve("djl").toString());
        assertEquals(home.resolve("djl"), choose(temp.resolve("cache")));
    }

    /** Loads the tokenizers' native library as a goal does. */
    static final class Loader {
        public static void main(String[] args) {
            TestContext context = new TestContext(Path.of("").toAbsolutePath(), args);
            Configuration config = Settings.resolve(context);
            Compute.of(config);
            Path model = Models.find("nano-clip", Path.of(""), Settings.cache(config))
                    .path();
            Tokenizer.open(model, 77);
            System.out.print("loaded");
        }
    }

    private String load(Map<String, String> variables, String userHome, Path cache) throws Exception {
        List<String> options = List.of("-Duser.home=" + userHome, "-Djava.io.tmpdir=" + shared);
        String[] keys = cache == null
                ? new String[] {"device", "cpu"}
                : new String[] {"device", "cpu", "cache", cache.toString()};
        ProcessBuilder builder = TestJvm.of(Loader.class, options, keys);
        builder.command().removeIf(word -> word.startsWith("-DDJL_CACHE_DIR="));
        builder.environment().keySet().removeAll(List.of("HOME", "XDG_CACHE_HOME"));
        builder.environment().putAll(variables);
        builder.directory(Files.createDirectories(temp.resolve("work")).toFile())
                .redirectError(temp.resolve("errors").toFile());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said + process.waitFor();
    }

    private List<String> workFiles() throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve("work"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void aLibraryPlantedInTheSharedTemporaryFolderIsNotLoaded() throws Exception {
        Path noFolder = Files.writeString(temp.resolve("file"), "");
        Path planted = plant(shared.resolve(".djl.ai"));
        assertEquals("loaded0", load(Map.of(), noFolder + "/home", open(temp.resolve("team"))));
        assertEquals("planted", Files.readString(planted));
        assertTrue(Files.exists(shared.resolve("metaprompt-" + TrustedPath.user() + "/native/" + LIBRARY)));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void aUserWithoutAnEntryGetsNoFolderWhereTheGoalStarts() throws Exception {
        assertEquals("loaded0", load(Map.of("HOME", home.toString()), "?", null));
        assertEquals(List.of(), workFiles());
        assertTrue(Files.exists(home.resolve(".cache/metaprompt/native/" + LIBRARY)));
    }
}
