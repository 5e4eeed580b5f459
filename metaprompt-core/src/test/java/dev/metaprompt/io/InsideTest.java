package dev.metaprompt.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InsideTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a//b", "a/", ".", "..", "a/../b", "a/..", "C:x", "a\\b", "a\nb", "a\0b", "./a"})
    void whatLeadsOutIsAFaultOfTheTextAlone(String name) {
        assertTrue(Inside.fault(name).isPresent(), name);
        assertThrows(OutsideException.class, () -> Inside.resolve(folder, name));
        assertThrows(OutsideException.class, () -> Inside.resolveReal(folder, name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "..a", "a..", "Café crème", "a b/c.d", "-rf"})
    void otherNamesAreResolved(String name) throws IOException {
        assertEquals(folder.resolve(name), Inside.resolve(folder, name));
    }

    @Test
    void noPartMayBeALink() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside/in"));
        Path root = Files.createDirectories(folder.resolve("root/in"));
        Files.createSymbolicLink(root.resolve("out"), outside);
        Files.createSymbolicLink(root.resolve("dangling"), outside.resolve("none"));
        Files.createSymbolicLink(root.resolve("within"), root);
        for (String name : List.of("out", "out/x", "dangling", "within", "within/x")) {
            assertThrows(OutsideException.class, () -> Inside.resolve(root, name), name);
        }
    }

    @Test
    void theRealPathMustStayBelowTheRealRoot() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("f"), "x");
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.writeString(root.resolve("f"), "x");
        Files.createSymbolicLink(root.resolve("out"), outside);
        Files.createSymbolicLink(root.resolve("within"), root.resolve("f"));
        Path linked = Files.createSymbolicLink(folder.resolve("linked-root"), root);
        assertEquals(root.resolve("f").toRealPath(), Inside.resolveReal(root, "within"));
        assertEquals(root.resolve("f").toRealPath(), Inside.resolveReal(linked, "f"));
        assertThrows(OutsideException.class, () -> Inside.resolveReal(root, "out/f"));
        assertThrows(NoSuchFileException.class, () -> Inside.resolveReal(root, "none"));
    }

    @Test
    void whatIsMissingLiesWhereItWouldBeMade() throws IOException {
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.createSymbolicLink(root.resolve("out"), folder);
        Files.createSymbolicLink(root.resolve("dangling"), folder.resolve("none"));
        List<Path> roots = List.of(folder.resolve("missing"), root);
        assertTrue(Inside.isBelow(root.resolve("a/b/c"), roots));
        assertTrue(Inside.isBelow(root, roots));
        assertFalse(Inside.isBelow(root.resolve("out/x/y"), roots));
        assertFalse(Inside.isBelow(root.resolve("dangling"), roots));
        assertFalse(Inside.isBelow(root.resolve("../x"), roots));
        assertFalse(Inside.isBelow(folder.resolve("rooted"), roots), "a name that begins alike");
    }
}
