package dev.metaprompt.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden values of {@code src/test/python/paired_tests.py}, which enumerates and integrates. */
class PairedTestTest {
    static Stream<Arguments> golden() {
        return Stream.of(
                Arguments.of(new double[] {1.2, -0.4, 2.5, 0.9, 1.7}, 0.06941590885478789, 0.125, 1.1017937344640658),
                Arguments.of(
                        new double[] {0.31, -0.12, 0.05, -0.44, 0.27, 0.61, -0.08},
                        0.5332488264546446,
                        0.6875,
                        0.24977605358659768),
                Arguments.of(
                        new double[] {-3.0, -2.0, -1.5, -4.25, -0.5, -2.75},
                        0.007059052000433591,
                        0.03125,
                        -1.7939874036898091),
                Arguments.of(
                        new double[] {1.0, 1.0, -1.0, 2.0, 2.0, 0.5, 0.0},
                        0.10121156208579486,
                        0.15625,
                        0.7311701034483907));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void pValuesAndEffectAreThoseOfEnumerationAndIntegration(
            double[] differences, double student, double wilcoxon, double effect) {
        PairedTest test = PairedTest.of(differences);
        assertEquals(student, test.pStudent().getAsDouble(), 1e-10);
        assertEquals(wilcoxon, test.pWilcoxon().getAsDouble(), 1e-12);
        assertEquals(effect, test.effect().getAsDouble(), 1e-12);
    }

    @Test
    void whereNothingCanBeTestedNothingIsSaid() {
        PairedTest single = PairedTest.of(2.0);
        assertTrue(single.pStudent().isEmpty());
        assertTrue(single.difference().halfWidth().isEmpty());
        PairedTest equal = PairedTest.of(1.5, 1.5, 1.5);
        assertTrue(equal.pStudent().isEmpty());
        assertTrue(equal.effect().isEmpty());
        assertEquals(0.25, equal.pWilcoxon().getAsDouble(), 1e-12);
        PairedTest zero = PairedTest.of(0, 0, 0);
        assertTrue(zero.pWilcoxon().isEmpty());
        assertThrows(IllegalArgumentException.class, PairedTest::of);
        assertThrows(IllegalArgumentException.class, () -> PairedTest.of(1, Double.NaN));
    }

    @Test
    void holmAdjustsInTheOrderOfSize() {
        assertArrayEquals(new double[] {0.03, 0.06, 0.06, 0.02}, PairedTest.holm(0.01, 0.04, 0.03, 0.005), 1e-15);
        assertArrayEquals(new double[] {1, 1}, PairedTest.holm(0.9, 0.6), 1e-15);
        assertArrayEquals(new double[0], PairedTest.holm());
    }
}
