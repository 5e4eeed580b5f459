package dev.metaprompt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.metaprompt.train.TrainOptions.Schedule;
import dev.metaprompt.train.TrainOptions.Selection;
import org.junit.jupiter.api.Test;

class TrainOptionsTest {
    /** What CoOp's own log prints for 50 epochs (github.com/KaiyangZhou/CoOp, issue 26). */
    @Test
    void theCosineIsRecountedFromTheEndOfWarmUp() {
        TrainOptions options = new TrainOptions(50, 10, 32, 2e-3, 0.9, 5e-4, Schedule.COSINE, 1, 1e-5, Selection.LAST);
        assertEquals(1e-5, options.learningRateAt(0));
        assertEquals(2.000e-3, options.learningRateAt(1), 5e-7);
        assertEquals(1.998027e-3, options.learningRateAt(2), 5e-10);
        assertEquals(1.992115e-3, options.learningRateAt(3), 5e-10);
    }

    @Test
    void aConstantScheduleKeepsTheRateAfterWarmUp() {
        TrainOptions options =
                new TrainOptions(10, 10, 32, 2e-3, 0.9, 5e-4, Schedule.CONSTANT, 2, 1e-5, Selection.LAST);
        assertEquals(1e-5, options.learningRateAt(1));
        assertEquals(2e-3, options.learningRateAt(2));
        assertEquals(2e-3, options.learningRateAt(9));
    }
}
