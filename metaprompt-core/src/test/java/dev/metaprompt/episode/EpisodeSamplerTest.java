package dev.metaprompt.episode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EpisodeSamplerTest {
    private static final int CLASSES = 24;
    private static final int SHOTS = 16;

    @Test
    void supportAndQueryOfAClassAreDisjointImagesOfThatClass() {
        EpisodeSampler sampler = new EpisodeSampler(new EpisodeOptions(5, 2, 16, 4, false), CLASSES, SHOTS, 1);
        for (long step = 1; step <= 50; step++) {
            for (Task task : sampler.draw(step)) {
                assertEquals(5, Arrays.stream(task.classes()).distinct().count());
                for (int i = 0; i < 5; i++) {
                    int c = task.classes()[i];
                    int[] images = IntStream.concat(Arrays.stream(task.support()[i]), Arrays.stream(task.query()[i]))
                            .toArray();
                    assertEquals(16, Arrays.stream(images).distinct().count());
                    assertTrue(Arrays.stream(images).allMatch(image -> image / SHOTS == c));
                }
            }
        }
    }

    @Test
    void aStepsTasksDependOnSeedAndStepAlone() {
        EpisodeOptions options = new EpisodeOptions(5, 2, 16, 4, false);
        List<Task> first = new EpisodeSampler(options, CLASSES, SHOTS, 3).draw(17);
        EpisodeSampler other = new EpisodeSampler(options, CLASSES, SHOTS, 3);
        other.draw(1);
        List<Task> again = other.draw(17);
        for (int t = 0; t < 4; t++) {
            assertArrayEquals(first.get(t).classes(), again.get(t).classes());
            assertTrue(Arrays.deepEquals(first.get(t).support(), again.get(t).support()));
            assertTrue(Arrays.deepEquals(first.get(t).query(), again.get(t).query()));
        }
    }

    @Test
    void shuffledSupportsBelongToAnotherClassOfTheTask() {
        EpisodeOptions plain = new EpisodeOptions(5, 2, 16, 1, false);
        EpisodeOptions shuffled = new EpisodeOptions(5, 2, 16, 1, true);
        Task one = new EpisodeSampler(plain, CLASSES, SHOTS, 1).draw(1).get(0);
        Task two = new EpisodeSampler(shuffled, CLASSES, SHOTS, 1).draw(1).get(0);
        assertTrue(Arrays.deepEquals(one.query(), two.query()));
        for (int i = 0; i < 5; i++) {
            int c = two.classes()[i];
            assertTrue(Arrays.stream(two.support()[i]).noneMatch(image -> image / SHOTS == c));
        }
    }

    @Test
    void impossibleShapesAreRefusedWithKeyValueAndRange() {
        assertMessage("way is 25", new EpisodeOptions(25, 2, 16, 4, false));
        assertMessage("way is 1", new EpisodeOptions(1, 2, 16, 4, false));
        assertMessage("shot is 16", new EpisodeOptions(5, 16, 16, 4, false));
        assertMessage("shot is 0", new EpisodeOptions(5, 0, 16, 4, false));
        assertMessage("episode.imagesPerClass is 17", new EpisodeOptions(5, 2, 17, 4, false));
    }

    private static void assertMessage(String start, EpisodeOptions options) {
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> new EpisodeSampler(options, CLASSES, SHOTS, 1));
        assertTrue(e.getMessage().startsWith(start), e.getMessage());
        assertTrue(e.getMessage().contains("Use "), e.getMessage());
    }

    @Test
    void aBatchEpochUsesEveryImageOnceAndDropsAPartialBatch() {
        BatchSampler sampler = new BatchSampler(100, 32, 1);
        assertEquals(3, sampler.iterations());
        int[] used = Stream.of(0, 1, 2)
                .flatMapToInt(i -> Arrays.stream(sampler.draw(12L + i)))
                .toArray();
        assertEquals(96, Arrays.stream(used).distinct().count());
        assertEquals(1, new BatchSampler(20, 32, 1).iterations());
        assertEquals(20, new BatchSampler(20, 32, 1).draw(0).length);
    }
}
