package dev.metaprompt.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.RandomStream;
import dev.metaprompt.tensor.Half;
import org.junit.jupiter.api.Test;

class HalfTest {
    @Test
    void everyHalfComesBackFromFloat() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Half.widen((short) bits);
            if (!Float.isNaN(value)) {
                assertEquals((short) bits, Half.round(value), Integer.toHexString(bits));
            }
        }
        assertTrue(Float.isNaN(Half.widen(Half.round(Float.NaN))));
    }

    @Test
    void whatLiesBetweenTwoHalvesGoesToTheNearerAndHalfToTheEven() {
        for (int bits = 0; bits < 0x7BFF; bits++) {
            float low = Half.widen((short) bits);
            float high = Half.widen((short) (bits + 1));
            float middle = (low + high) / 2;
            int even = bits % 2 == 0 ? bits : bits + 1;
            assertEquals((short) even, Half.round(middle), "middle above " + low);
            assertEquals((short) bits, Half.round(Math.nextDown(middle)), "below the middle above " + low);
            assertEquals((short) (bits + 1), Half.round(Math.nextUp(middle)), "above the middle above " + low);
            assertEquals((short) (even | 0x8000), Half.round(-middle), "negative");
        }
        assertEquals((short) 0x7BFF, Half.round(Math.nextDown(65520f)));
        assertEquals((short) 0x7C00, Half.round(65520f));
    }

    @Test
    void theEngineRoundsTheSame() {
        RandomStream random = RandomStream.of(1, "half");
        float[] values = new float[20_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(44) - 30));
        }
        float[] rounded = values.clone();
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = Half.widen(Half.round(rounded[i]));
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] engine = manager.create(values)
                    .toType(DataType.FLOAT16, false)
                    .toType(DataType.FLOAT32, false)
                    .toFloatArray();
            assertArrayEquals(engine, rounded);
        }
    }

    @Test
    void aFeatureBeyondTheRangeIsRefused() {
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> FeaturePrecision.FP16.round(new float[] {1, 70_000}));
        assertTrue(e.getMessage().contains("70000"), e.getMessage());
    }
}
