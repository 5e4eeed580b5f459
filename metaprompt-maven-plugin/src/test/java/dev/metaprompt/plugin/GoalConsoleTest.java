package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;

class GoalConsoleTest {
    private final List<String> info = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();

    private GoalConsole console(boolean live, boolean quiet) {
        SystemStreamLog log = new SystemStreamLog() {
            @Override
            public boolean isInfoEnabled() {
                return !quiet;
            }

            @Override
            public void warn(CharSequence text) {
                warnings.add(text.toString());
            }

            @Override
            public void info(CharSequence text) {
                if (!quiet) {
                    info.add(text.toString());
                }
            }
        };
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new GoalConsole(log, out, live, nanos::get);
    }

    private void work(GoalConsole console) {
        console.phase("training");
        for (int epoch = 0; epoch <= 100; epoch++) {
            console.update("epoch", epoch, 100, "");
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(250));
        }
        console.result(List.of("base 71.3", "run runs/x"));
    }

    @Test
    void withoutTerminalThereIsAPlainLineEveryTenSeconds() {
        work(console(false, false));
        assertEquals(
                List.of(
                        "training",
                        "epoch 40/100, 4.0/s, 15 s left",
                        "epoch 80/100, 4.0/s, 5 s left",
                        "base 71.3",
                        "run runs/x"),
                info);
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void onATerminalALiveLineIsRedrawnAndGoneBeforeTheResult() {
        work(console(true, false));
        assertEquals(List.of("training", "base 71.3", "run runs/x"), info);
        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("\r\u001b[Kepoch 40/100, 4.0/s, 15 s left"), text);
        assertTrue(text.endsWith("\r\u001b[K"), text);
    }

    @Test
    void quietPrintsTheResultAlone() {
        work(console(true, true));
        assertEquals(List.of(), info);
        assertEquals(
                "base 71.3\nrun runs/x\n",
                printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
    }

    @Test
    void theLiveLineWantsAPersonAtACapableTerminal() {
        assertTrue(GoalConsole.wantsLiveLine(true, true, "xterm"));
        assertTrue(GoalConsole.wantsLiveLine(true, true, null));
        assertFalse(GoalConsole.wantsLiveLine(false, true, "xterm"));
        assertFalse(GoalConsole.wantsLiveLine(true, false, "xterm"));
        assertFalse(GoalConsole.wantsLiveLine(true, true, "dumb"));
    }

    @Test
    void whatWasGoingOnIsTheCountOrElseThePhase() {
        GoalConsole console = console(false, false);
        console.phase("loading");
        assertEquals("loading", console.inProgress());
        console.update("epoch", 3, 9, "");
        assertEquals("epoch 3/9", console.inProgress());
    }

    @Test
    void aWarningIsMavensOwnAndNoPhase() {
        GoalConsole console = console(false, false);
        console.phase("training");
        console.update("epoch", 3, 9, "");
        console.phase("warning: the server is away");
        assertEquals(List.of("the server is away"), warnings);
        assertEquals(List.of("training"), info);
        assertEquals("epoch 3/9", console.inProgress());
    }

    private static void tell(GoalConsole console, String text) {
        console.phase(text);
        console.phase("warning: " + text);
        console.update(text, 1, 2, text);
        console.result(List.of(text));
    }

    @Test
    void whatIsToldDoesNothingToATerminalNorToCi() {
        String text = "::add-mask::x\u001b]0;y\u0007\u202ez\n::set-env name=A::b\rc";
        List<String> lines = List.of(": :add-mask::x\\u001b]0;y\\u0007\\u202ez", ": :set-env name=A::b\\u000dc");
        tell(console(false, false), text);
        assertEquals(lines, info.subList(0, 2));
        assertEquals(lines, warnings);
        tell(console(true, false), text);
        tell(console(true, true), text);
        String shown = printed.toString(StandardCharsets.UTF_8).replace("\r\u001b[K", "\n");
        String all = shown + String.join("\n", info);
        assertFalse(all.matches("(?s).*[\\x00-\\x09\\x0b-\\x1f\\u202e].*"), all);
        assertFalse(all.lines().anyMatch(line -> line.stripLeading().startsWith("::")), all);
        assertEquals(lines, shown.lines().skip(shown.lines().count() - 2).toList());
    }
}
