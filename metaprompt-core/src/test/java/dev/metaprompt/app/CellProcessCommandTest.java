package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.TestJvm;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellProcesses;
import dev.metaprompt.experiment.Cells;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Another program of this machine looks at the processes that compute cells and at the temporary folder. */
class CellProcessCommandTest {
    @TempDir
    private Path temp;

    /** Lets a process compute a cell that cannot be computed, while its command line is read. */
    static final class Parent {
        public static void main(String[] args) {
            Path temp = Path.of(args[0]);
            TestContext context = new TestContext(temp);
            try (CellProcesses processes = CellProcessCommand.processes(context, 1, List.of())) {
                Cell cell = Cells.cell(1, "way", "3");
                CellEnd end = processes.compute(
                        Cells.plan(cell), cell, temp.resolve("cell"), (what, done, total, detail) -> {});
                System.out.println(end.kind());
                ProcessHandle.current().descendants().forEach(child -> System.out.println(commandLine(child)));
                System.out.println("left " + files(Path.of(System.getProperty("java.io.tmpdir"))));
            }
        }
    }

    private static String commandLine(ProcessHandle child) {
        try {
            return Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static List<String> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".args"))
                    .toList();
        } catch (IOException e) {
            return List.of(e.toString());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void noArgumentIsOnACommandLineAndNoFileIsLeft() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("tmp"));
        Process parent = TestJvm.of(
                        Parent.class, List.of("-Dpassword=hunter2", "-Djava.io.tmpdir=" + folder), temp.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(parent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertFalse(said.contains("hunter2"), said);
        assertTrue(said.contains("java @" + folder), said);
        assertTrue(said.contains("left []"), said);
        assertEquals(List.of(), files(folder));
    }
}
