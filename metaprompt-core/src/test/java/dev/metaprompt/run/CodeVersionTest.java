package dev.metaprompt.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodeVersionTest {
    private static final CodeVersion ONE = new CodeVersion("0.1.0", Optional.of("one"));
    private static final CodeVersion TWO = new CodeVersion("0.2.0", Optional.of("two-dirty"));

    @Test
    void factsAndRecordsTellTheSame() {
        CodeVersion now =
                CodeVersion.of(Map.of("metaprompt.version", "0.2.0", "git.commit", "two", "git.dirty", "true"));
        assertEquals(TWO, now);
        RunRecord record = Records.running("r");
        assertEquals(new CodeVersion("0.1.0", Optional.of("abc123")), CodeVersion.of(record));
        assertEquals(CodeVersion.UNKNOWN, CodeVersion.of(Map.of()));
        assertTrue(TWO.isDirty());
        assertFalse(ONE.isDirty());
    }

    @Test
    void aRunThatOtherCodeGoesOnWithIsNeithersAlone() {
        RunRecord begun = Records.running("r");
        CodeVersion before = CodeVersion.of(begun);
        assertEquals(begun, begun.goneOnWith(before), "the same code leaves the record as it was");
        RunRecord mixed = begun.goneOnWith(TWO);
        assertEquals(
                "0.1.0 then 0.2.0, commit abc123 then two-dirty",
                CodeVersion.of(mixed).shown());
        assertNotEquals(before, CodeVersion.of(mixed));
        assertEquals(mixed, mixed.goneOnWith(TWO), "a second time adds nothing");
        assertEquals(
                "0.1.0, commit abc123 then unknown",
                before.then(new CodeVersion("0.1.0", Optional.empty())).shown());
    }

    @Test
    void namesAreShortAndHarmless() {
        String hash = "0123456789abcdef0123456789abcdef01234567";
        assertEquals(
                "0.1.0, commit 0123456789ab-dirty", new CodeVersion("0.1.0", Optional.of(hash + "-dirty")).brief());
        assertEquals("0.1.0, commit unknown", new CodeVersion("0.1.0", Optional.empty()).brief());
        assertEquals("unknown", CodeVersion.UNKNOWN.brief());
        String hostile = new CodeVersion("x".repeat(500) + "\u001b[2J", Optional.of("\n::error::")).brief();
        assertEquals(80, hostile.length());
        assertFalse(new CodeVersion("\u001b", Optional.of("\n::")).brief().matches("(?s).*\\p{Cntrl}.*"));
    }
}
