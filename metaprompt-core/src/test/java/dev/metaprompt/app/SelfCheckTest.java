package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.app.SelfCheck.Counted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfCheckTest {
    @ParameterizedTest
    @CsvSource({"460, 496", "457, 499", "463, 493"})
    void threeImagesMayDiffer(int base, int newClasses) {
        var lines = SelfCheck.judge(new Counted(base, 864), new Counted(newClasses, 828), "00");
        assertTrue(lines.get(0).contains("base " + base + "/864"), lines.get(0));
        assertTrue(lines.get(1).contains("digest 00"), lines.get(1));
    }

    @ParameterizedTest
    @CsvSource({"456, 864, 496, 828", "460, 864, 500, 828", "460, 860, 496, 828", "460, 864, 496, 827"})
    void moreIsAFailureThatNamesTheSuspects(int base, int baseImages, int newClasses, int newImages) {
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> SelfCheck.judge(new Counted(base, baseImages), new Counted(newClasses, newImages), "00"))
                .getMessage();
        assertTrue(message.contains(base + "/" + baseImages + " (published 460/864)"), message);
        assertTrue(message.contains("the activation (quickgelu)"), message);
    }

    @Test
    void openAisOwnFileIsRecognised() {
        var lines = SelfCheck.judge(new Counted(460, 864), new Counted(496, 828), SelfCheck.OPENAI_SHA256);
        assertEquals("selfcheck the weights are OpenAI's ViT-B-16.pt, byte for byte", lines.get(1));
    }

    @Test
    void thePublishedPercentagesAreTheseCounts() {
        assertEquals(53.24, 100.0 * 460 / 864, 0.005);
        assertEquals(59.90, 100.0 * 496 / 828, 0.005);
    }
}
