package dev.metaprompt.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
    @TempDir
    private Path folder;

    private RunDirectory run;

    @BeforeEach
    void setUp() {
        run = RunDirectory.create(folder, "clip", "d", 5, 2, 1, Records.START);
        run.writeRecord(Records.running(run.id()));
    }

    private void assertTaken() {
        assertEquals(
                "run 20260102-030405-clip-d-5way2shot-s1 is being trained by another process. Wait for it to end, or"
                        + " train a new run without metaprompt.run.",
                assertThrows(InvalidInputException.class, run::lock).getMessage());
    }

    @Test
    void oneAtATimeWithinAProcess() {
        RunLock first = run.lock();
        assertTaken();
        first.close();
        run.lock().close();
    }

    @Test
    void aSecondAttemptWithinAProcessLeavesTheLockToItsHolder() throws Exception {
        try (RunLock held = run.lock()) {
            assertTaken();
            try (OtherProcess other = OtherProcess.start("lock", run.path().toString())) {
                assertNull(other.line(), "another process took what this one holds");
            }
        }
    }

    @Test
    void whatALockLinksToIsNotTouched() throws IOException {
        Path thesis = Files.writeString(folder.resolve("thesis"), "years of work");
        Files.createSymbolicLink(run.path().resolve(".lock"), thesis);
        assertThrows(InvalidInputException.class, run::lock);
        assertEquals("years of work", Files.readString(thesis));
    }

    @Test
    void aRunWithALinkInItIsNotWrittenTo() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.createSymbolicLink(run.path().resolve("checkpoint"), elsewhere);
        InvalidInputException refused = assertThrows(InvalidInputException.class, run::lock);
        assertEquals(
                "run " + run.id() + ": checkpoint is a link; a run directory holds plain files and folders alone. Put"
                        + " the file itself there, or use another run.",
                refused.getMessage());
    }

    @Test
    void oneAtATimeAmongProcessesAndFreeAfterAKill() throws Exception {
        try (OtherProcess other = OtherProcess.start("lock", run.path().toString())) {
            assertEquals("locked", other.line());
            assertTaken();
            other.kill();
            run.lock().close();
        }
    }

    @Test
    void twoProcessesAtOnceGetDifferentFolders() throws IOException {
        Path runs = folder.resolve("runs");
        try (OtherProcess a = OtherProcess.start("create", runs.toString());
                OtherProcess b = OtherProcess.start("create", runs.toString())) {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                ids.add(a.line());
                ids.add(b.line());
            }
            assertEquals(40, ids.size());
            assertEquals(40, runs.toFile().list().length);
        }
    }
}
