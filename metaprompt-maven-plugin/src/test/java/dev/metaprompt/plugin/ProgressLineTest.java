package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {
    private static final long SECOND = 1_000_000_000L;
    private final ProgressLine line = new ProgressLine();

    @Test
    void rateAndTimeLeftCountFromTheFirstUpdate() {
        assertTrue(line.update("epoch", 40, 100, "", 5 * SECOND));
        assertEquals("epoch 40/100", line.text());
        assertFalse(line.update("epoch", 60, 100, "loss 0.83", 15 * SECOND));
        assertEquals("epoch 60/100, 2.0/s, 20 s left, loss 0.83", line.text());
    }

    @Test
    void slowWorkIsWordedAsTimeEach() {
        line.update("epoch", 0, 10, "", 0);
        line.update("epoch", 2, 10, "", 180 * SECOND);
        assertEquals("epoch 2/10, 1 min 30 s each, 12 min 0 s left", line.text());
    }

    @Test
    void whatIsDoneHasNoTimeLeft() {
        line.update("image", 0, 1000, "", 0);
        line.update("image", 1000, 1000, "", 10 * SECOND);
        assertEquals("image 1000/1000, 100/s", line.text());
    }

    @Test
    void anotherPieceOfWorkStartsAnew() {
        line.update("image", 1, 1000, "", 0);
        assertTrue(line.update("image", 1, 500, "", 0));
        assertTrue(line.update("image", 0, 500, "", 0));
        assertTrue(line.update("epoch", 0, 500, "", 0));
        line.clear();
        assertFalse(line.active());
        assertEquals("", line.text());
    }

    @ParameterizedTest
    @CsvSource({"0.2, 1 s", "59, 59 s", "60, 1 min 0 s", "3599.5, 1 h 0 min", "9000, 2 h 30 min"})
    void timesAreWordedInTheTwoLargestUnits(double seconds, String text) {
        assertEquals(text, ProgressLine.timeText(seconds));
    }
}
