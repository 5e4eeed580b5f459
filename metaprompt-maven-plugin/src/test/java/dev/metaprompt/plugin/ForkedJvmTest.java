package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
    private Duration start = Duration.ofMinutes(1);
    private String crashMessage = "";
    private final AtomicInteger visited = new AtomicInteger();
    private final AtomicReference<String> leftAtFirstEvent = new AtomicReference<>();
    private final RecordedEvents events = new RecordedEvents();

    @BeforeEach
    void createFolders() throws IOException {
        base = Files.createDirectories(temp.resolve("a folder with \"quotes\" \\ and spaces"));
        folder = WorkFolder.inProject(base, "try", LocalDateTime.of(2026, 1, 2, 3, 4, 5));
    }

    private ForkedJvm.Ended run(String goal) throws Exception {
        return run(goal, "dev.metaprompt.plugin.TestChild", "-Xmx64m");
    }

    private ForkedJvm.Ended run(String goal, String mainClass, String jvmArgs) throws Exception {
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
            ForkedJvm child = new ForkedJvm(folder, log, start);
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
        ChildEnd fault = run("fault").said().orElseThrow();
        assertEquals("FAULT", fault.outcome());
        assertEquals("No space left on device", fault.message());
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

    /** Reads the port as soon as it is written down, before the child's JVM is there, and comes to it. */
    private Thread strangers(int count, String text) {
        Thread thread = new Thread(() -> {
            List<Socket> held = new ArrayList<>();
            try {
                while (!Files.exists(folder.arguments())) {
                    Thread.onSpinWait();
                }
                JsonObject request = new Gson().fromJson(Files.readString(folder.request()), JsonObject.class);
                for (int i = 0; i < count; i++) {
                    Socket socket = new Socket(
                            InetAddress.getLoopbackAddress(),
                            request.get("port").getAsInt());
                    held.add(socket);
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
                }
                visited.set(held.size());
                Thread.sleep(120_000);
            } catch (IOException | InterruptedException e) {
                held.forEach(ForkedJvmTest::close);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aStrangersMessageOfAnyKindEndsNothing() throws Exception {
        Thread strangers = strangers(3, "{\"type\":{}}\n");
        assertEquals("SUCCESS", run("succeed").said().orElseThrow().outcome());
        assertEquals(3, visited.get());
        strangers.interrupt();
    }

    @Test
    void strangersWhoSayNothingDoNotKeepTheChildWaiting() throws Exception {
        Thread strangers = strangers(8, "{");
        assertEquals("SUCCESS", run("succeed").said().orElseThrow().outcome());
        assertEquals(8, visited.get());
        strangers.interrupt();
    }

    @Test
    void aChildThatNeverReportsIsEnded() {
        start = Duration.ofMillis(1);
        IOException e = assertThrows(IOException.class, () -> run("", "dev.metaprompt.plugin.MuteChild", "-Xmx32m"));
        assertTrue(e.getMessage().startsWith("it has not reported within 0 s of its start; see "), e.getMessage());
        assertFalse(ProcessHandle.current().children().anyMatch(ForkedJvmTest::isMute));
    }

    private static boolean isMute(ProcessHandle child) {
        return child.isAlive() && child.info().commandLine().orElse("").contains(File.separator + "java.args");
    }

    @Test
    void whoDebugsMayTakeLongerThanTheStart() throws Exception {
        start = Duration.ZERO;
        List<String> arguments = List.of("-Xmx64m", "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=0");
        assertTrue(JavaArguments.waitForDebugger(arguments));
        assertFalse(JavaArguments.waitForDebugger(List.of("-agentlib:jdwp=server=y,suspend=n", "-Xmx64m")));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatIsHandedOverIsReadableByThisUserAloneAndGoneOnceItIsRead() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        Thread watcher = new Thread(() -> {
            while (!Files.exists(folder.arguments())) {
                Thread.onSpinWait();
            }
            seen.set(mode(folder.path()) + " " + mode(folder.request()) + " " + mode(folder.arguments()));
        });
        watcher.start();
        events.onHeard = () -> leftAtFirstEvent.compareAndSet(
                null, Files.exists(folder.arguments()) + " " + Files.exists(folder.request()));
        assertEquals(
                "SUCCESS",
                run("succeed", "dev.metaprompt.plugin.TestChild", "-Dpassword=hunter2")
                        .said()
                        .orElseThrow()
                        .outcome());
        watcher.join();
        assertEquals("rwx------ rw------- rw-------", seen.get());
        assertEquals("false false", leftAtFirstEvent.get());
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void nothingIsLeftByAChildThatCannotStart() throws Exception {
        run("succeed", "no.such.Main", "-Dpassword=hunter2");
        requireNoSecretsLeft();
        assertThrows(
                IOException.class,
                () -> new ForkedJvm(folder, new ForkLog(folder.log(), line -> {}))
                        .run(
                                new ForkedJvm.Launch(temp.resolve("no-java"), List.of("-Dp=hunter2"), Map.of(), base),
                                Map.of(),
                                events));
        requireNoSecretsLeft();
    }

    private void requireNoSecretsLeft() throws IOException {
        try (Stream<Path> files = Files.list(folder.path())) {
            assertEquals(
                    List.of("fork.log"),
                    files.map(f -> f.getFileName().toString()).toList());
        }
    }

    @Test
    void aLaunchIsLoggedWithoutValues() {
        String text = new ForkedJvm.Launch(
                        Path.of("java"),
                        List.of(
                                "-Xmx8g",
                                "-Dpassword=hunter2",
                                "-javaagent:a.jar=token=hunter2\nhunter2",
                                "-cp",
                                "a:b"),
                        Map.of("TOKEN", "hunter2", "HOME", "/hunter2"),
                        base)
                .toString();
        assertFalse(text.contains("hunter2"), text);
        assertTrue(text.contains("[-Xmx8g, -Dpassword=…, -javaagent:a.jar=…, -cp, …]"), text);
        assertTrue(text.endsWith("variables [HOME, TOKEN]"), text);
    }
}
