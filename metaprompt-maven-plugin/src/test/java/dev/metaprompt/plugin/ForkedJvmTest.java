package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Forks real JVMs with the core's own side of the wire. */
@Timeout(60)
class ForkedJvmTest {
    @TempDir
    private Path temp;

    private WorkFolder folder;
    private Path base;
    private String crashMessage = "";
    private final RecordedEvents events = new RecordedEvents();

    @BeforeEach
    void createFolders() throws IOException {
        base = Files.createDirectories(temp.resolve("a folder with \"quotes\" \\ and spaces"));
        folder = WorkFolder.inProject(base, "try", LocalDateTime.of(2026, 1, 2, 3, 4, 5));
    }

    private ForkedJvm.Ended run(String goal) throws IOException, InterruptedException {
        return run(goal, "dev.metaprompt.plugin.TestChild", "-Xmx64m");
    }

    private ForkedJvm.Ended run(String goal, String mainClass, String jvmArgs)
            throws IOException, InterruptedException {
        List<Path> classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> arguments = JavaArguments.list(classPath, mainClass, folder, jvmArgs, null);
        Map<String, Object> request = Map.of(
                "goal", goal,
                "options", List.of(RawOption.pom("way", "5", "<properties>")),
                "baseDirectory", base.toString(),
                "facts", Map.of());
        try (ForkLog log = new ForkLog(folder.log(), line -> {})) {
            ForkedJvm child = new ForkedJvm(folder, log);
            ForkedJvm.Ended ended = child.run(new ForkedJvm.Launch(java, arguments, Map.of(), base), request, events);
            crashMessage = ended.said().isPresent() ? "" : child.crashMessage(goal, ended.exitCode(), "epoch 37/100");
            return ended;
        }
    }

    @Test
    void optionsGoInAndEventsComeOut() throws Exception {
        ForkedJvm.Ended ended = run("succeed");
        assertEquals("SUCCESS", ended.said().orElseThrow().outcome());
        assertEquals(0, ended.exitCode());
        assertEquals(
                List.of(
                        "phase options [RawOption[key=way, value=5, layer=POM, origin=<properties>]]",
                        "update epoch 1/2 loss 0.5",
                        "result [base 71.3, tëxt ± 1]"),
                events.heard);
    }

    @Test
    void badInputAndFaultsAreToldApart() throws Exception {
        assertEquals(
                new ChildEnd("INVALID", "metaprompt.way is 99; use 2 to 24.", ""),
                run("invalid").said().get());
        Files.delete(folder.request());
        ChildEnd fault = run("fault").said().orElseThrow();
        assertEquals("FAULT", fault.outcome());
        assertEquals("IOException: No space left on device", fault.message());
        assertTrue(fault.trace().contains("TestChild.fault"), fault.trace());
    }

    @Test
    void whatIsPrintedOnStdoutDoesNotDisturbAndIsKept() throws Exception {
        assertEquals("SUCCESS", run("noise").said().orElseThrow().outcome());
        assertEquals(List.of("result [quiet]"), events.heard);
        List<String> log = Files.readAllLines(folder.log());
        assertEquals(20_001, log.size());
        assertEquals("no line end", log.get(20_000));
    }

    @Test
    void aChildThatEndsWithoutAWordIsACrash() throws Exception {
        ForkedJvm.Ended ended = run("exit");
        assertTrue(ended.said().isEmpty());
        assertEquals(7, ended.exitCode());
        assertTrue(
                crashMessage.startsWith(
                        "The forked JVM of exit ended without a word, exit code 7, during: epoch 37/100."),
                crashMessage);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aCrashOfTheJvmNamesItsErrorReport() throws Exception {
        assertTrue(run("segfault").said().isEmpty());
        assertEquals(1, folder.errorFiles().size());
        assertTrue(crashMessage.contains(folder.errorFiles().get(0).toString()), crashMessage);
        assertTrue(crashMessage.contains(folder.log() + ", which ends with:"), crashMessage);
        assertTrue(crashMessage.contains("SIGSEGV"), crashMessage);
    }

    @Test
    void aChildOutOfMemoryIsToldHowToGetMore() throws Exception {
        assertTrue(run("memory").said().isEmpty());
        assertTrue(crashMessage.contains("-Dmetaprompt.fork.jvmArgs=-Xmx8g"), crashMessage);
    }

    @Test
    void aJvmThatCannotStartIsACrashWithItsOwnWords() throws Exception {
        assertTrue(run("succeed", "no.such.Main", null).said().isEmpty());
        assertTrue(crashMessage.contains("no.such.Main"), crashMessage);
    }

    @Test
    void anInterruptedParentLetsTheChildWindUp() throws Exception {
        Thread parent = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            while (!Files.exists(base.resolve("started"))) {
                Thread.onSpinWait();
            }
            parent.interrupt();
        });
        interrupter.start();
        assertThrows(InterruptedException.class, () -> run("wait"));
        assertTrue(Files.exists(base.resolve("wound-up")));
        long pid = Long.parseLong(Files.readString(base.resolve("started")));
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }
}
