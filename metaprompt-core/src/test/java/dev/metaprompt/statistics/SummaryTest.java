package dev.metaprompt.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryTest {
    /** NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2, column 0.975 (three decimals). */
    @ParameterizedTest
    @CsvSource({
        "1, 12.706",
        "2, 4.303",
        "3, 3.182",
        "4, 2.776",
        "5, 2.571",
        "6, 2.447",
        "7, 2.365",
        "8, 2.306",
        "9, 2.262",
        "10, 2.228",
        "15, 2.131",
        "20, 2.086",
        "30, 2.042",
        "60, 2.000",
        "100, 1.984",
    })
    void quantilesAreThoseOfTheTable(int degreesOfFreedom, double expected) {
        assertEquals(expected, Summary.quantile(degreesOfFreedom), 5.1e-4);
    }

    /** Closed forms for one, two and four degrees of freedom (Shaw, J. Comput. Finance 9(4), 2006, section 2). */
    @Test
    void quantilesEqualTheClosedForms() {
        double p = 0.975;
        double a = 4 * p * (1 - p);
        assertEquals(Math.tan(Math.PI * (p - 0.5)), Summary.quantile(1), 1e-9);
        assertEquals((2 * p - 1) * Math.sqrt(2 / a), Summary.quantile(2), 1e-9);
        double q = 4 / Math.sqrt(a) * Math.cos(Math.acos(Math.sqrt(a)) / 3);
        assertEquals(Math.sqrt(q - 4), Summary.quantile(4), 1e-9);
    }

    /** Three values whose deviations are −1, 0 and 1: sd 1, half-width t(2)/√3 = 4.302652729749464/1.7320508. */
    @Test
    void threeValues() {
        Summary s = Summary.of(70, 71, 72);
        assertEquals(3, s.count());
        assertEquals(71, s.mean());
        assertEquals(1, s.standardDeviation().orElseThrow(), 1e-15);
        assertEquals(2.484137711, s.halfWidth().orElseThrow(), 1e-8);
        assertEquals(68.515862289, s.low().orElseThrow(), 1e-8);
        assertEquals(73.484137711, s.high().orElseThrow(), 1e-8);
    }

    @Test
    void aSingleValueHasNoSpread() {
        Summary s = Summary.of(64.5);
        assertEquals(new Summary(1, 64.5, OptionalDouble.empty(), OptionalDouble.empty()), s);
        assertEquals(OptionalDouble.empty(), s.low());
        assertEquals(OptionalDouble.empty(), s.high());
    }

    @Test
    void equalValuesHaveNoWidth() {
        Summary s = Summary.of(List.of(0.1, 0.1, 0.1));
        assertEquals(0.1, s.mean());
        assertEquals(0, s.halfWidth().orElseThrow());
    }

    @Test
    void aLargeOffsetDoesNotSwallowTheSpread() {
        Summary s = Summary.of(1e9 + 1, 1e9 + 2, 1e9 + 3);
        assertEquals(1e9 + 2, s.mean());
        assertEquals(1, s.standardDeviation().orElseThrow());
    }

    @Test
    void pairedDifferencesDropWhatSeedsShare() {
        Summary s = Summary.pairedDifference(new double[] {60, 70, 80}, new double[] {59, 68, 79});
        assertEquals(4.0 / 3, s.mean(), 1e-12);
        assertEquals(Math.sqrt(1.0 / 3), s.standardDeviation().orElseThrow(), 1e-12);
        assertThrows(
                IllegalArgumentException.class, () -> Summary.pairedDifference(new double[] {1}, new double[] {1, 2}));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void valuesThatAreNotFiniteAreRefused(double value) {
        assertThrows(IllegalArgumentException.class, () -> Summary.of(1, value));
        assertThrows(IllegalArgumentException.class, () -> Summary.of());
    }

    /** 2 · 77.31 · 57.65 / 134.96 = 66.0480365 by hand. */
    @Test
    void harmonicMeans() {
        assertEquals(66.0480365, HarmonicMean.of(77.31, 57.65), 1e-7);
        assertEquals(0, HarmonicMean.of(0, 0));
        assertEquals(0, HarmonicMean.of(0, 50));
        assertEquals(50, HarmonicMean.of(50, 50));
        assertThrows(IllegalArgumentException.class, () -> HarmonicMean.of(-1, 5));
        assertThrows(IllegalArgumentException.class, () -> HarmonicMean.of(Double.NaN, 5));
    }
}
