package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunWarningsTest {
    @TempDir
    private Path folder;

    @Test
    void warningsAreATagOfTheRun() throws IOException {
        RunDirectory run = MirroredRuns.running(folder, 1);
        assertFalse(RunContent.read(run, 10, "host").tags().containsKey(RunContent.WARNINGS));
        run.writeRecord(run.readRecord().withWarnings(List.of("GELU assumed", "2 files left out")));
        RunContent content = RunContent.read(run, 10, "host");
        assertEquals("GELU assumed\n2 files left out", content.tags().get("warnings"));
    }
}
