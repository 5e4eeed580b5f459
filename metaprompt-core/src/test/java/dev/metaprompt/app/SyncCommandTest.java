package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.gate.SampleRuns;
import dev.metaprompt.tracking.FakeMlflow;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SyncCommandTest {
    @TempDir
    private Path base;

    @Test
    void theExitTellsThatARunWasNotTaken() throws Exception {
        new SampleRuns(base.resolve("runs")).finished(1, 80, 60);
        try (FakeMlflow server = new FakeMlflow()) {
            TestContext first = new TestContext(base, "tracking.uri", server.uri());
            new SyncCommand().run(first);
            assertTrue(first.results.get(0).endsWith("1 runs, 1 sent, 0 were there already, 0 left out"));
            server.deleteExperiments();
            TestContext second = new TestContext(base, "tracking.uri", server.uri());
            String message = assertThrows(InvalidInputException.class, () -> new SyncCommand().run(second))
                    .getMessage();
            assertEquals(1, message.lines().count(), message);
            assertTrue(message.startsWith("1 of 1 runs could not be sent whole to " + server.uri()), message);
            assertTrue(second.results.get(0).endsWith("0 sent, 0 were there already, 1 left out"));
            assertTrue(second.results.get(1).contains("is deleted there"), second.results.toString());
        }
    }
}
