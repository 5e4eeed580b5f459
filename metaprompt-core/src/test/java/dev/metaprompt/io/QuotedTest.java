package dev.metaprompt.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class QuotedTest {
    @Test
    void atMostEightyCharactersOnOneLineWithoutControls() {
        assertEquals("a b", Quoted.of(" a\r\n\r\n  b\n"));
        assertEquals("?[31m", Quoted.of("\u001b[31m"));
        assertEquals("a?b?c", Quoted.of("a\u202eb\u0000c"));
        assertEquals("x".repeat(80), Quoted.of("x".repeat(80)));
        assertEquals("x".repeat(80) + "…", Quoted.of("x".repeat(81)));
        assertEquals("null", Quoted.of((Object) null));
    }

    @Test
    void noHalfCharacterIsLeft() {
        assertEquals("x".repeat(79) + "…", Quoted.of("x".repeat(79) + "🙂"));
    }
}
