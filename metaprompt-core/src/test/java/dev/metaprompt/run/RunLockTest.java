package dev.metaprompt.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
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
