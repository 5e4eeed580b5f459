package dev.metaprompt.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Figures that lie an image apart: between machines that is agreement, on one machine it is a difference. */
class ReplayedFiguresTest {
    private final Agreement exact = new Agreement("r");
    private final Agreement near = new Agreement("r");

    ReplayedFiguresTest() {
        near.close("metrics.jsonl, line 1, loss", 1, 1.0001);
    }

    private static Prediction row(String split, int image, String label, String predicted, double probability) {
        return new Prediction(split, image + ".png", label, predicted, probability, probability, label);
    }

    /** Ten test images of one base class and ten of one new class. */
    private static List<Prediction> rows(int rightBase, int rightNew) {
        List<Prediction> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            rows.add(row("base", i, "a", i < rightBase ? "a" : "b", 0.5));
        }
        for (int i = 0; i < 10; i++) {
            rows.add(row("new", i, "c", i < rightNew ? "c" : "d", 0.5));
        }
        return rows;
    }

    private static Results results(int rightBase, int rightNew, double harmonicMean) {
        double base = 10 * rightBase;
        double newClasses = 10 * rightNew;
        return new Results(
                base,
                OptionalDouble.of(newClasses),
                OptionalDouble.of(harmonicMean),
                OptionalDouble.of(base),
                OptionalDouble.of(newClasses),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Map.of("a", base, "c", newClasses),
                List.of(new Results.ZeroShot(
                        "{}.", 100, OptionalDouble.of(100), OptionalDouble.of(100), Map.of("a", 100.0, "c", 100.0))));
    }

    private static double mean(double a, double b) {
        return 2 * a * b / (a + b);
    }

    private static void compare(Agreement agreement, int rightBase, double harmonicMean) {
        new ReplayedFigures(agreement, rows(rightBase, 6), rows(8, 6))
                .compare(results(rightBase, 6, harmonicMean), results(8, 6, mean(80, 60)));
    }

    @Test
    void anImageApartIsADifferenceWhereAllNumbersWereTheSame() {
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> compare(exact, 7, mean(70, 60)));
        assertTrue(e.getMessage().contains("predictions.csv, line 9 (7.png), predicted"), e.getMessage());
    }

    @Test
    void anImageApartAgreesWhereNumbersDiffered() {
        assertDoesNotThrow(() -> compare(near, 7, mean(70, 60)));
        assertEquals("within one test image", near.figures());
        assertTrue(near.numbers().contains("1.0e-04 (metrics.jsonl, line 1, loss)"), near.numbers());
    }

    @Test
    void twoImagesApartAreADifference() {
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> compare(near, 6, mean(60, 60)));
        assertTrue(e.getMessage().contains("predictions.csv, line 9"), e.getMessage());
    }

    @Test
    void aFigureThatDoesNotFollowFromThePredictionsIsFoundThoughItLiesWithinAnImage() {
        InvalidInputException e = assertThrows(
                InvalidInputException.class,
                () -> new ReplayedFigures(near, rows(8, 6), rows(8, 6))
                        .compare(results(7, 6, mean(70, 60)), results(8, 6, mean(80, 60))));
        assertTrue(e.getMessage().contains("contradicts itself"), e.getMessage());
    }

    @Test
    void aHarmonicMeanThatIsNoneIsFound() {
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> compare(near, 8, mean(80, 60) + 0.01));
        assertTrue(e.getMessage().contains("harmonicMean") && e.getMessage().contains("contradicts"), e.getMessage());
        e = assertThrows(InvalidInputException.class, () -> compare(exact, 8, mean(80, 60) + 0.01));
        assertTrue(e.getMessage().contains("results.harmonicMean: recorded"), e.getMessage());
    }

    @Test
    void aMissingFigureIsFound() {
        Results whole = results(8, 6, mean(80, 60));
        Results part = new Results(
                whole.base(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                whole.macroBase(),
                whole.macroNew(),
                whole.multimodalBase(),
                whole.multimodalNew(),
                whole.gap(),
                whole.episodes(),
                whole.selectedEpoch(),
                whole.perClass(),
                whole.zeroShot());
        InvalidInputException e = assertThrows(
                InvalidInputException.class,
                () -> new ReplayedFigures(exact, rows(8, 6), rows(8, 6)).compare(part, whole));
        assertTrue(e.getMessage().contains("results.new: recorded nothing, replayed 60.0"), e.getMessage());
    }

    @Test
    void aDivergenceNearNothingIsMeasuredByTheFloor() {
        assertDoesNotThrow(() -> exact.close("klDivergence", 0, 9e-8));
        assertThrows(InvalidInputException.class, () -> exact.close("klDivergence", 0, 2e-7));
        assertThrows(InvalidInputException.class, () -> exact.close("loss", Double.NaN, 1));
        assertThrows(InvalidInputException.class, () -> exact.close("loss", 1, Double.POSITIVE_INFINITY));
    }
}
