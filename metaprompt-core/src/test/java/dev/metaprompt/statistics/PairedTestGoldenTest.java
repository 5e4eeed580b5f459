package dev.metaprompt.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PairedTestGoldenTest {
    static List<JsonObject> golden() throws IOException {
        try (InputStream in = PairedTestGoldenTest.class.getResourceAsStream("/golden/paired-tests.json")) {
            InputStreamReader reader = new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8);
            return StreamSupport.stream(
                            JsonParser.parseReader(reader)
                                    .getAsJsonObject()
                                    .getAsJsonArray("cases")
                                    .spliterator(),
                            false)
                    .map(element -> element.getAsJsonObject())
                    .toList();
        }
    }

    private static double[] differences(JsonObject golden) {
        return StreamSupport.stream(golden.getAsJsonArray("differences").spliterator(), false)
                .mapToDouble(element -> element.getAsDouble())
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void pValuesAreTheGoldenOnes(JsonObject golden) {
        double[] differences = differences(golden);
        PairedTest test = PairedTest.of(differences);
        assertEquals(golden.get("pStudent").getAsDouble(), test.pStudent().orElseThrow(), 1e-12);
        assertEquals(golden.get("effect").getAsDouble(), test.effect().orElseThrow(), 1e-12);
        assertEquals(
                golden.get("pStudentOfOne").getAsDouble(),
                PairedTest.pStudent(differences, 1).orElseThrow(),
                1e-12);
        assertEquals(golden.get("pWilcoxon").getAsDouble(), test.pWilcoxon().orElseThrow(), 1e-12);
    }

    @Test
    void theOrderOfPairsAndTheirScaleDoNotMatterToTheRanks() {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            double[] values = IntStream.range(0, 2 + random.nextInt(20))
                    .mapToDouble(i -> random.nextInt(9) - 4)
                    .toArray();
            OptionalDouble expected = SignedRank.pValue(values);
            double[] reversed = IntStream.range(0, values.length)
                    .mapToDouble(i -> -3 * values[values.length - 1 - i])
                    .toArray();
            OptionalDouble found = SignedRank.pValue(reversed);
            assertEquals(expected.isPresent(), found.isPresent());
            expected.ifPresent(p -> assertEquals(p, found.getAsDouble(), 1e-12));
        }
    }

    /** Without ties the count over all signs and the library's exact distribution are two ways to one number. */
    @Test
    void withoutTiesThePValueIsTheLibrarysExactOne() {
        Random random = new Random(5);
        for (int n = 2; n <= 50; n++) {
            double[] values = random.doubles(n, -1, 2).toArray();
            double library = WilcoxonSignedRankTest.withDefaults()
                    .with(PValueMethod.EXACT)
                    .test(values)
                    .getPValue();
            assertEquals(library, SignedRank.pValue(values).getAsDouble(), 1e-12, "n = " + n);
        }
    }

    @Test
    void aSinglePairHasNoPValue() {
        PairedTest test = PairedTest.of(1.5);
        assertEquals(1.5, test.difference().mean());
        assertEquals(OptionalDouble.empty(), test.pStudent());
        assertEquals(OptionalDouble.empty(), test.pWilcoxon());
        assertEquals(OptionalDouble.empty(), test.effect());
    }

    @Test
    void equalDifferencesHaveNoStudentEvenIfRoundingMadeThemDiffer() {
        for (double[] differences : List.of(
                new double[] {0, 0, 0}, new double[] {2, 2, 2}, new double[] {70.1 - 69.1, 71.3 - 70.3, 0.3 + 0.7})) {
            PairedTest test = PairedTest.of(differences);
            assertEquals(OptionalDouble.empty(), test.pStudent(), Arrays.toString(differences));
            assertEquals(differences[0] == 0, test.pWilcoxon().isEmpty());
            assertEquals(OptionalDouble.empty(), test.effect());
        }
    }

    @Test
    void differencesThatRoundingMadeTieAreTied() {
        double third = 100.0 / 3;
        double[] rounded = {third * 2 - third, third, -(third * 3 - third * 2), 200, 300};
        assertEquals(
                SignedRank.pValue(1, 1, -1, 200, 300).getAsDouble(),
                SignedRank.pValue(rounded).getAsDouble(),
                1e-12);
    }

    @Test
    void manyPairsAreAnsweredToo() {
        double[] values = IntStream.range(0, 500).mapToDouble(i -> i % 7 - 2.5).toArray();
        double p = SignedRank.pValue(values).getAsDouble();
        assertTrue(p > 0 && p < 1e-6, "" + p);
    }

    /** Holm, Scand. J. Statist. 6, 1979: 0.01·4; max(0.04, 0.02·3); max(0.06, 0.03·2); max(0.06, 0.9·1). */
    @Test
    void adjustedPValuesAreHolms() {
        assertArrayEquals(new double[] {0.06, 0.9, 0.04, 0.06}, PairedTest.holm(0.03, 0.9, 0.01, 0.02), 1e-15);
        assertArrayEquals(new double[] {1, 1}, PairedTest.holm(0.7, 0.6), 1e-15);
        assertArrayEquals(new double[0], PairedTest.holm());
    }

    @Test
    void noDifferencesAndSuchAsAreNotFiniteAreRefused() {
        assertThrows(IllegalArgumentException.class, PairedTest::of);
        assertThrows(IllegalArgumentException.class, () -> PairedTest.of(1, Double.NaN));
    }
}
