package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 1, 2, 3, 4, 5);

    @TempDir
    private Path target;

    @Test
    void twoGoalsInTheSameSecondGetTwoFolders() throws IOException {
        Path parent = target.resolve("metaprompt").resolve("train");
        assertEquals(
                parent.resolve("20260102-030405"),
                WorkFolder.inProject(target, "train", NOW).path());
        assertEquals(
                parent.resolve("20260102-030405-2"),
                WorkFolder.inProject(target, "train", NOW).path());
    }

    @Test
    void aProjectKeepsItsLogButNotTheRequest() throws IOException {
        WorkFolder folder = WorkFolder.inProject(target, "train", NOW);
        Files.writeString(folder.request(), "{}");
        Files.writeString(folder.log(), "");
        folder.tidy();
        assertFalse(Files.exists(folder.request()));
        assertTrue(Files.exists(folder.log()));
    }

    @Test
    void outsideAProjectNothingIsLeftAfterASuccess() throws IOException {
        WorkFolder folder = WorkFolder.outsideProject("train");
        Files.writeString(folder.request(), "{}");
        Files.writeString(folder.arguments(), "");
        Files.writeString(folder.log(), "");
        folder.tidy();
        assertFalse(Files.exists(folder.path()));
    }
}
