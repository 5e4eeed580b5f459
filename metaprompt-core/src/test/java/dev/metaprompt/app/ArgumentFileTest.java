package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.TestJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ArgumentFileTest {
    @TempDir
    private Path folder;

    /** Prints what it was given. */
    static final class Echo {
        public static void main(String[] args) {
            System.out.print(System.getProperty("said") + "|" + String.join("|", args));
        }
    }

    @Test
    void theLauncherReadsWhatWasWritten() throws Exception {
        String odd = "a \"b\" \\n 'c'\n#d\r\te";
        Path file = ArgumentFile.write(
                folder,
                List.of("-Dsaid=" + odd, "-cp", System.getProperty("java.class.path"), Echo.class.getName(), odd, ""));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + file)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(odd + "|" + odd + "|", said);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyThisUserReadsIt() throws IOException {
        Path file = ArgumentFile.write(folder, List.of("-Dpassword=hunter2"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void whatAKilledProcessLeftIsRemovedByTheNext() throws Exception {
        Process other = TestJvm.of(Echo.class, List.of()).start();
        other.getInputStream().readAllBytes();
        other.waitFor();
        Path left = Files.writeString(folder.resolve("metaprompt-cells-" + other.pid() + "-7.args"), "");
        Path living = Files.writeString(
                folder.resolve("metaprompt-cells-" + ProcessHandle.current().pid() + "-7.args"), "");
        Path unknown = Files.writeString(folder.resolve("metaprompt-cells-mine.args"), "");
        ArgumentFile.write(folder, List.of());
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(living));
        assertTrue(Files.exists(unknown));
    }
}
