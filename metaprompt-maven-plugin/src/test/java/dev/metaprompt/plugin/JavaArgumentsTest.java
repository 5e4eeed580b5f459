package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaArgumentsTest {
    @Test
    void quotesKeepBlanksTogether() {
        assertEquals(List.of("-Xmx8g", "-Dx=/My Folder/a"), JavaArguments.words(" -Xmx8g  -Dx=\"/My Folder/a\" "));
        assertEquals(List.of("-Da=b c", "-ea"), JavaArguments.words("'-Da=b c' -ea"));
        assertEquals(List.of(), JavaArguments.words(null));
        assertEquals(List.of(), JavaArguments.words("  "));
    }

    @Test
    void theUsersCollectorTakesThePlaceOfOurs(@TempDir Path build) throws Exception {
        WorkFolder folder = WorkFolder.inProject(build, "train", LocalDateTime.now());
        assertEquals(List.of("-XX:+UseSerialGC"), collectors(folder, null));
        assertEquals(List.of("-XX:+UseSerialGC"), collectors(folder, "-Xmx2g -XX:+UseStringDeduplication"));
        assertEquals(List.of("-XX:+UseZGC"), collectors(folder, "-Xmx2g -XX:+UseZGC"));
    }

    private static List<String> collectors(WorkFolder folder, String jvmArgs) throws MojoFailureException {
        return JavaArguments.list(List.of(Path.of("a.jar")), "Main", folder, jvmArgs, null).stream()
                .filter(word -> word.startsWith("-XX:+Use") && word.endsWith("GC"))
                .toList();
    }

    private static List<String> debugged(Path build, String jvmArgs, String debug) throws Exception {
        WorkFolder folder = WorkFolder.inProject(build, "train", LocalDateTime.now());
        return JavaArguments.list(List.of(Path.of("a.jar")), "Main", folder, jvmArgs, debug).stream()
                .filter(word -> word.contains("jdwp"))
                .toList();
    }

    @Test
    void aDebuggerComesFromThisMachineAlone(@TempDir Path build) throws Exception {
        String agent = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=";
        assertEquals(List.of(agent + "localhost:5005"), debugged(build, null, "true"));
        assertEquals(List.of(), debugged(build, null, "false"));
        for (String local : List.of("5005", "localhost:5005", "127.0.0.1:5005", "[::1]:5005")) {
            assertEquals(List.of(agent + local), debugged(build, null, agent + local));
        }
        for (String open : List.of("*:5005", "0.0.0.0:5005", "[::]:5005", ":::5005", "127.0.0.1.example.org:5005")) {
            MojoFailureException e =
                    assertThrows(MojoFailureException.class, () -> debugged(build, null, agent + open));
            assertTrue(e.getMessage().contains("allowed is address=localhost:<port>"), e.getMessage());
            assertThrows(MojoFailureException.class, () -> debugged(build, agent + open + ",quiet=y", "false"));
        }
        String out = "-agentlib:jdwp=transport=dt_socket,server=n,address=10.0.0.1:5005";
        assertEquals(List.of(out), debugged(build, out, null));
    }
}
