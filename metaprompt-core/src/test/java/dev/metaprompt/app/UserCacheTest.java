package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class UserCacheTest {
    @TempDir
    private Path temp;

    private Path home;
    private Path shared;

    @BeforeEach
    void create() throws IOException {
        home = Files.createDirectory(temp.resolve("home"));
        shared = Files.createDirectory(temp.resolve("shared"));
        if (TrustedPath.knowsUsers(shared)) {
            Files.setAttribute(shared, "unix:mode", 01777);
        }
    }

    private UserCache cache(String userHome, String... variables) {
        Map<String, String> environment = variables.length == 0
                ? Map.of()
                : variables.length == 2
                        ? Map.of(variables[0], variables[1])
                        : Map.of(variables[0], variables[1], variables[2], variables[3]);
        return new UserCache(environment, userHome, shared);
    }

    @Test
    void theVariablesComeBeforeWhatJavaSays() throws IOException {
        Path xdg = temp.resolve("xdg");
        String java = Files.createDirectory(temp.resolve("java")).toString();
        assertEquals(
                xdg.resolve("metaprompt"),
                cache(java, "XDG_CACHE_HOME", xdg.toString(), "HOME", home.toString())
                        .folder());
        assertEquals(
                home.resolve(".cache/metaprompt"),
                cache(java, "HOME", home.toString()).folder());
        assertEquals(temp.resolve("java/.cache/metaprompt"), cache(java).folder());
    }

    @Test
    void aUserWithoutAnEntryHasTheHomeOfTheVariable() {
        assertEquals(
                List.of(home.resolve(".cache/metaprompt")),
                cache("?", "HOME", home.toString()).homes());
        assertEquals(
                List.of(), cache("?", "HOME", " ", "XDG_CACHE_HOME", "relative").homes());
    }

    @Test
    void anUnusableHomeIsPassedOver() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");
        Path xdg = Files.createDirectories(temp.resolve("xdg"));
        assertEquals(
                home.resolve(".cache/metaprompt"),
                cache("?", "XDG_CACHE_HOME", file.toString(), "HOME", home.toString())
                        .folder());
        Files.createDirectory(xdg.resolve("metaprompt"));
        assertEquals(
                xdg.resolve("metaprompt"),
                cache("?", "XDG_CACHE_HOME", xdg.toString(), "HOME", home.toString())
                        .folder());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void withoutAHomeTheFolderIsThisUsersAlone() throws IOException {
        Path folder = cache("?").folder();
        assertEquals(shared.resolve("metaprompt-" + TrustedPath.user()), folder);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        assertEquals(folder, cache("?").folder());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatSomeoneElseMadeThereIsRefusedByName() throws IOException {
        Path folder = shared.resolve("metaprompt-" + TrustedPath.user());
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(
                "cache: this user has no home folder, and " + folder + " is open to others (rwxrwxrwx), where the cache"
                        + " would be. Name another with -Dmetaprompt.cache=<folder>, or set HOME.",
                refusal());
        Files.delete(folder);
        Path theirs = Files.createDirectory(temp.resolve("theirs"));
        Files.createSymbolicLink(folder, theirs);
        assertTrue(refusal().contains(folder + " is no folder"), refusal());
        Files.delete(folder);
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        if (TrustedPath.user() == 0) {
            Files.setAttribute(folder, "unix:uid", 65_534);
            assertTrue(refusal().contains(folder + " belongs to user "), refusal());
        }
        assertFalse(Files.list(theirs).findAny().isPresent());
    }

    private String refusal() {
        return assertThrows(InvalidInputException.class, () -> cache("?").folder())
                .getMessage();
    }
}
