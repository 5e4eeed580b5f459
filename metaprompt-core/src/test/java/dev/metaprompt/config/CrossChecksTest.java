package dev.metaprompt.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.metaprompt.InvalidInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrossChecksTest {
    private static ConfigurationBuilder with(String... pairs) {
        ConfigurationBuilder builder = Configuration.builder(Path.of("."));
        for (int i = 0; i < pairs.length; i += 2) {
            builder.commandLine(pairs[i], pairs[i + 1], "-Dmetaprompt." + pairs[i]);
        }
        return builder;
    }

    private static String message(String... pairs) {
        return assertThrows(InvalidInputException.class, () -> with(pairs).resolve())
                .getMessage();
    }

    @Test
    void shotLeavesQueryImages() {
        assertEquals(
                "shot is 16 (-Dmetaprompt.shot) but episode.imagesPerClass is 16 (default); allowed: 1 to 15, so that"
                        + " query images are left. Lower shot or raise episode.imagesPerClass.",
                message("shot", "16"));
        assertEquals(15, with("shot", "15").resolve().integer("shot"));
    }

    @Test
    void aTaskTakesNoMoreImagesThanAreDrawn() {
        assertEquals(
                "episode.imagesPerClass is 16 (default) but dataset.shots is 8 (-Dmetaprompt.dataset.shots); allowed: 2"
                        + " to 8. Lower episode.imagesPerClass or raise dataset.shots.",
                message("dataset.shots", "8"));
        with("dataset.shots", "8", "episode.imagesPerClass", "8").resolve();
    }

    @Test
    void methodsWithoutEpisodesNeedNoQueryImages() {
        assertEquals(1, with("dataset.shots", "1", "method", "coop").resolve().integer("dataset.shots"));
    }

    @Test
    void theWarmUpFitsIntoTheTraining() {
        assertEquals(
                "train.warmupEpochs is 3 (-Dmetaprompt.train.warmupEpochs) but train.epochs is 2"
                        + " (-Dmetaprompt.train.epochs); allowed: 0 to 2. Lower train.warmupEpochs or raise train.epochs.",
                message("train.epochs", "2", "train.warmupEpochs", "3"));
        with("train.epochs", "1").resolve();
    }

    @Test
    void explicitClassesContradictOtherChoices() {
        assertEquals(
                "dataset.classes.new is a (-Dmetaprompt.dataset.classes.new) but dataset.classes.base is unset. Set"
                        + " both, or dataset.classes.base alone.",
                message("dataset.classes.new", "a"));
        assertEquals(
                "dataset.classSplit is coop (-Dmetaprompt.dataset.classSplit) but dataset.classes.base is given too"
                        + " (-Dmetaprompt.dataset.classes.base). Keep one of them.",
                message("dataset.classes.base", "a,b", "dataset.classSplit", "coop"));
        assertEquals(
                "dataset.classes.new (-Dmetaprompt.dataset.classes.new) names \"b\", which dataset.classes.base has too."
                        + " Name it in one of them.",
                message("dataset.classes.base", "a,b", "dataset.classes.new", "c,b"));
        with("dataset.classes.base", "a,b").resolve();
    }

    @Test
    void wayIsAtMostTheBaseClasses() {
        Configuration c = with("way", "25").resolve();
        assertEquals(
                "way is 25 (-Dmetaprompt.way) but there are 24 base classes; allowed: 2 to 24. Lower it, for example"
                        + " -Dway=5.",
                assertThrows(InvalidInputException.class, () -> CrossChecks.checkWay(c, 24))
                        .getMessage());
        assertEquals(
                "the dataset has 1 base class(es); an episode needs at least 2. Name more in dataset.classes.base or use"
                        + " another dataset.",
                assertThrows(InvalidInputException.class, () -> CrossChecks.checkWay(c, 1))
                        .getMessage());
        CrossChecks.checkWay(c, 25);
    }

    @ParameterizedTest
    @CsvSource({"512, 8", "768, 8", "96, 8", "20, 5", "49, 7", "13, 1", "1, 1"})
    void autoHeadsAreTheLargestDivisorUpToEight(int width, int heads) {
        assertEquals(heads, CrossChecks.heads(with().resolve(), width));
    }

    @Test
    void headsDivideTheWidth() {
        Configuration c = with("crossAttention.heads", "5").resolve();
        assertEquals(
                "crossAttention.heads is 5 (-Dmetaprompt.crossAttention.heads) but the model's projection width is 512;"
                        + " allowed: auto or a divisor of 512. Use 8 or auto.",
                assertThrows(InvalidInputException.class, () -> CrossChecks.heads(c, 512))
                        .getMessage());
        assertEquals(5, CrossChecks.heads(c, 20));
    }
}
