package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    @Test
    void badInputKeepsItsOneLineAndShowsNoTrace() {
        Outcome outcome = Outcome.of(new InvalidInputException("way is 1; use 2 to 24", new IOException("x")));
        assertEquals(new Outcome(Outcome.Kind.INVALID, "way is 1; use 2 to 24", ""), outcome);
    }

    @Test
    void badInputFoundByAWorkerIsStillBadInput() {
        Outcome outcome = Outcome.of(new ExecutionException(new InvalidInputException("empty.jpg is empty")));
        assertEquals(Outcome.Kind.INVALID, outcome.kind());
        assertEquals("empty.jpg is empty", outcome.message());
    }

    @Test
    void aFaultIsSummarisedWithItsCauses() {
        Outcome outcome = Outcome.of(new UncheckedIOException("writing\nmore", new IOException("No space left")));
        assertEquals(Outcome.Kind.FAULT, outcome.kind());
        assertEquals("writing: No space left", outcome.message());
        assertTrue(outcome.trace().contains("OutcomeTest"), outcome.trace());
    }
}
