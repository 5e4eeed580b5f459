package dev.metaprompt.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FewShotDrawTest {
    private final Dataset dataset = TestDatasets.inMemory(6, 20);

    @Test
    void drawsDistinctImagesOfEachClassInTheAskedOrder() {
        for (long seed = 0; seed < 20; seed++) {
            for (int shots = 1; shots <= 20; shots += 3) {
                List<String> classes = List.of("classv", "classz");
                Map<String, List<LabeledImage>> draw = FewShotDraw.draw(dataset, classes, shots, seed);
                assertEquals(classes, List.copyOf(draw.keySet()));
                draw.forEach((name, images) -> images.forEach(image -> assertEquals(name, image.className())));
                for (List<LabeledImage> images : draw.values()) {
                    assertEquals(shots, new HashSet<>(images).size());
                    assertEquals(shots, images.size());
                }
            }
        }
    }

    @Test
    void drawOfAClassDependsOnTheSeedAlone() {
        List<LabeledImage> alone =
                FewShotDraw.draw(dataset, List.of("classx"), 16, 1).get("classx");
        assertEquals(alone, FewShotDraw.draw(dataset, dataset.classes(), 16, 1).get("classx"));
        assertNotEquals(
                alone, FewShotDraw.draw(dataset, List.of("classx"), 16, 2).get("classx"));
        // Fewer shots are the beginning of more.
        assertEquals(
                alone.subList(0, 4),
                FewShotDraw.draw(dataset, List.of("classx"), 4, 1).get("classx"));
        List<LabeledImage> reversed = new ArrayList<>(dataset.train());
        Collections.reverse(reversed);
        Dataset other = new Dataset(
                "other", dataset.folder(), dataset.imageRoot(), "s", "1", "{}", reversed, List.of(), dataset.test());
        assertEquals(alone, FewShotDraw.draw(other, List.of("classx"), 16, 1).get("classx"));
    }

    @Test
    void classesAreDrawnIndependently() {
        Map<String, List<LabeledImage>> draw = FewShotDraw.draw(dataset, dataset.classes(), 16, 1);
        HashSet<List<String>> orders = new HashSet<>();
        draw.values()
                .forEach(images -> orders.add(TestDatasets.paths(images).stream()
                        .map(path -> path.substring(path.indexOf('/')))
                        .toList()));
        assertEquals(6, orders.size());
    }

    @Test
    void everyImageIsDrawnEquallyOften() {
        int[] counts = new int[20];
        for (long seed = 0; seed < 2000; seed++) {
            for (LabeledImage image :
                    FewShotDraw.draw(dataset, List.of("classz"), 5, seed).get("classz")) {
                counts[Integer.parseInt(image.path().replaceAll("\\D", ""))]++;
            }
        }
        for (int count : counts) {
            // Five standard deviations of 2000 draws with probability 1/4.
            assertEquals(500, count, 97);
        }
    }

    @Test
    void classWithTooFewImagesIsNamedWithItsCountAndTheKey() {
        List<LabeledImage> train = new ArrayList<>(dataset.train());
        train.removeIf(
                image -> image.className().equals("classy") && !image.path().endsWith("/3.jpg"));
        Dataset poor = new Dataset(
                "poor", dataset.folder(), dataset.imageRoot(), "s.json", "1", "{}", train, List.of(), dataset.test());
        String message = assertThrows(InvalidInputException.class, () -> FewShotDraw.draw(poor, poor.classes(), 16, 1))
                .getMessage();
        assertTrue(message.startsWith("dataset.shots is 16 but class classy has 1 training image in s.json;"), message);
        assertEquals(
                1, FewShotDraw.draw(poor, poor.classes(), 1, 1).get("classy").size());
        assertEquals(
                16,
                FewShotDraw.draw(poor, List.of("classz"), 16, 1).get("classz").size());
        message = assertThrows(InvalidInputException.class, () -> FewShotDraw.draw(poor, List.of("unknown"), 1, 1))
                .getMessage();
        assertTrue(message.contains("class unknown has 0 training images"), message);
    }

    @Test
    void shotsBelowOneAreRefused() {
        String message = assertThrows(
                        InvalidInputException.class, () -> FewShotDraw.draw(dataset, dataset.classes(), 0, 1))
                .getMessage();
        assertTrue(message.startsWith("dataset.shots is 0;"), message);
    }

    @Test
    void validationTakesAtMostFourAndMayBeEmpty() {
        Map<String, List<LabeledImage>> four = FewShotDraw.validation(dataset, dataset.classes(), 1);
        four.values().forEach(images -> assertEquals(4, new HashSet<>(images).size()));
        Dataset none = new Dataset(
                "none",
                dataset.folder(),
                dataset.imageRoot(),
                "s",
                "1",
                "{}",
                dataset.train(),
                List.of(),
                dataset.test());
        FewShotDraw.validation(none, none.classes(), 1).values().forEach(images -> assertTrue(images.isEmpty()));
    }
}
