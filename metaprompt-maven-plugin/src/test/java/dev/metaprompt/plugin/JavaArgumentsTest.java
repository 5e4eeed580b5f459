package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
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

    private static List<String> collectors(WorkFolder folder, String jvmArgs) {
        return JavaArguments.list(List.of(Path.of("a.jar")), "Main", folder, jvmArgs, null).stream()
                .filter(word -> word.startsWith("-XX:+Use") && word.endsWith("GC"))
                .toList();
    }
}
