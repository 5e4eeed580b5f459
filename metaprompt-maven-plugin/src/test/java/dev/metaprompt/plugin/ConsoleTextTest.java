package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTextTest {
    @Test
    void controlCharactersStandAsTheirNumbers() {
        assertEquals("a\\u001b[2Jb", ConsoleText.line("a\u001b[2Jb"));
        assertEquals("\\u0007\\u0008\\u000d\\u007f\\u009b1m", ConsoleText.line("\u0007\b\r\u007f\u009b1m"));
        assertEquals("\\u202egnp.exe\\u2066x\\u2069", ConsoleText.line("\u202egnp.exe\u2066x\u2069"));
        assertEquals("a\tb – ü 漢 $1 \\", ConsoleText.line("a\tb – ü 漢 $1 \\"));
    }

    @ParameterizedTest
    @CsvSource({
        "'::add-mask::x', ': :add-mask::x'",
        "'  ::set-env name=A::b', '  : :set-env name=A::b'",
        "'##vso[task.setvariable]x', '# #vso[task.setvariable]x'",
        "'a ##[error]x', 'a # #[error]x'",
        "'##teamcity[x]', '# #teamcity[x]'"
    })
    void commandsOfCiAreNone(String text, String shown) {
        assertEquals(shown, ConsoleText.line(text));
        assertEquals(shown, ConsoleText.line(shown));
        assertFalse(ConsoleText.isHarmless("first\n" + text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "std::vector", "## heading", "a\nb\r\nc", "C:\\x"})
    void honestTextStaysAsItIs(String text) {
        assertTrue(ConsoleText.isHarmless(text));
        assertEquals(text.replaceAll("\r?\n", System.lineSeparator()), ConsoleText.text(text));
    }

    @Test
    void eachLineIsLookedAt() {
        assertEquals(List.of("a", ": :b", "c\\u000dd"), ConsoleText.lines("a\n::b\r\nc\rd"));
    }

    @Test
    void anErrorsCausesAreHarmlessToo() {
        Exception fine = new IOException("a", new IOException());
        assertSame(fine, SafeError.of(fine));
        Throwable safe = SafeError.of(new IOException("outer", new IllegalStateException("x\n::add-mask::y\u001b[0m")));
        assertEquals("outer", safe.getMessage());
        assertEquals("java.io.IOException: outer", safe.toString());
        assertEquals(
                "java.lang.IllegalStateException: x" + System.lineSeparator() + ": :add-mask::y\\u001b[0m",
                safe.getCause().toString());
        assertEquals("x", safe.getCause().getMessage());
    }
}
