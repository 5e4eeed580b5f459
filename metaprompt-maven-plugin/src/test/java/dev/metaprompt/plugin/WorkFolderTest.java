package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

    private WorkFolder killed(long pid, String what) throws IOException {
        WorkFolder folder = WorkFolder.inProject(target, "train", NOW);
        folder.writeRequest("{\"" + WorkFolder.PARENT_PID + "\":" + pid + "}");
        folder.writeArguments(List.of("-Dpassword=hunter2"));
        Files.writeString(folder.log(), what);
        Files.setLastModifiedTime(folder.request(), FileTime.from(Instant.now().minusSeconds(120)));
        return folder;
    }

    private static long deadPid() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        process.waitFor();
        return process.pid();
    }

    private static ProcessHandle oldestAncestor() {
        ProcessHandle process = ProcessHandle.current();
        while (process.parent().isPresent()) {
            process = process.parent().get();
        }
        return process;
    }

    @Test
    void whatAKilledGoalLeftIsRemovedByTheNext() throws Exception {
        WorkFolder dead = killed(deadPid(), "its log");
        WorkFolder.inProject(target, "train", NOW);
        assertFalse(Files.exists(dead.arguments()));
        assertFalse(Files.exists(dead.request()));
        assertEquals("its log", Files.readString(dead.log()));
    }

    @Test
    void argumentsThatEarlierVersionsLeftAreRemoved() throws Exception {
        WorkFolder old = killed(1, "");
        Files.delete(old.request());
        WorkFolder.inProject(target, "train", NOW);
        assertFalse(Files.exists(old.arguments()));
    }

    @Test
    void whatALivingGoalHandsOverStays() throws Exception {
        WorkFolder living = killed(oldestAncestor().pid(), "");
        WorkFolder young = killed(deadPid(), "");
        Files.setLastModifiedTime(young.request(), FileTime.from(Instant.now()));
        WorkFolder.inProject(target, "train", NOW);
        assertTrue(Files.exists(living.arguments()));
        assertTrue(Files.exists(young.request()));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void leftoversAreNotFollowedThroughLinks() throws Exception {
        Path elsewhere = Files.createDirectory(target.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("java.args"), "mine");
        Path parent = WorkFolder.inProject(target, "train", NOW).path().getParent();
        Files.createSymbolicLink(parent.resolve("20250101-000000"), elsewhere);
        WorkFolder.inProject(target, "train", NOW);
        assertEquals("mine", Files.readString(elsewhere.resolve("java.args")));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkInTheWayIsNotWrittenThrough() throws Exception {
        Path elsewhere = Files.writeString(target.resolve("elsewhere"), "mine");
        WorkFolder folder = WorkFolder.inProject(target, "train", NOW);
        Files.createSymbolicLink(folder.arguments(), elsewhere);
        assertThrows(FileAlreadyExistsException.class, () -> folder.writeArguments(List.of("-Da=b")));
        assertEquals("mine", Files.readString(elsewhere));
    }
}
