package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.gate.SampleRuns;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
    @TempDir
    private Path base;

    private Path runs;

    @BeforeEach
    void setUp() {
        runs = base.resolve("runs");
    }

    private TestContext report(String... options) throws Exception {
        TestContext context = new TestContext(base, options);
        new ReportCommand().run(context);
        return context;
    }

    private RunDirectory started() {
        RunDirectory run = RunDirectory.create(runs, "metaprompt", "textures", 5, 2, 7, Records.START);
        run.writeRecord(Records.running(run.id()));
        return run;
    }

    @Test
    void unfinishedAndDamagedRunsAreNamedAndHideNothing() throws Exception {
        new SampleRuns(runs).finished(1, 80, 60);
        RunDirectory running = started();
        RunDirectory failed = started();
        failed.writeRecord(Records.running(failed.id()).failed(Records.START, "disk <full>"));
        RunDirectory damaged = started();
        Files.writeString(damaged.file(RunDirectory.RECORD), "{");
        TestContext context = report();
        String page = Files.readString(runs.resolve("report.html"));
        assertTrue(page.contains("1 finished run of 1 setting."), page);
        assertTrue(page.contains("3 left out"), page);
        assertTrue(page.contains("<li>run " + running.id() + " is running</li>"), page);
        assertTrue(page.contains("<li>run " + failed.id() + " is failed: disk &lt;full&gt;</li>"), page);
        assertTrue(page.contains(damaged.id()), page);
        assertEquals(
                3,
                context.phases.stream().filter(l -> l.startsWith("left out: ")).count());
        assertEquals(
                1,
                context.phases.stream()
                        .filter(l -> l.startsWith("1 of 1 runs were trained by a version that did not record"))
                        .count(),
                context.phases.toString());
        assertTrue(Files.exists(runs.resolve("table.md")) && Files.exists(runs.resolve("table.csv")));
    }

    @Test
    void outNamesThePageAndItsFolderIsMade() throws Exception {
        new SampleRuns(runs).finished(1, 80, 60);
        Path page = base.resolve("site").resolve("ü ber").resolve("page.html");
        report("out", page.toString());
        assertTrue(Files.readString(page).startsWith("<!DOCTYPE html>"));
        assertFalse(Files.exists(runs.resolve("report.html")));
        Files.writeString(base.resolve("file"), "");
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> report(
                                "out", base.resolve("file").resolve("page.html").toString()))
                .getMessage();
        assertTrue(message.startsWith("out is ") && message.lines().count() == 1, message);
    }

    @Test
    void withoutAFinishedRunItSaysWhatToDo() {
        started();
        String message =
                assertThrows(InvalidInputException.class, () -> report()).getMessage();
        assertTrue(message.contains("holds no finished run") && message.contains("metaprompt:train"), message);
    }
}
