package dev.metaprompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InvalidInputExceptionTest {
    @Test
    void whatAFileHoldsNeitherBreaksTheLineNorSteersATerminal() {
        String message = new InvalidInputException("a\nb\r\n\u2028c\u001b[2Jd\u0000").getMessage();
        assertEquals("a b c [2Jd ", message);
    }

    @Test
    void aLongMessageKeepsItsBeginningAndItsAdvice() {
        String message = new InvalidInputException("file: " + "x".repeat(5000) + ". Do this.").getMessage();
        assertTrue(message.startsWith("file: xxx") && message.endsWith("xxx. Do this."), message);
        assertTrue(message.length() <= 2000, message);
    }
}
