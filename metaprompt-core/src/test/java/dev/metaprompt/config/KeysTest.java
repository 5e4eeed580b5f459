package dev.metaprompt.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {
    @Test
    void everyDefaultIsAValueTheKeyAcceptsInItsWrittenForm() {
        for (Key key : Keys.all()) {
            key.defaultValue().ifPresent(value -> {
                Setting written = new Setting(key.name(), value.toString(), "test");
                assertEquals(value, Values.parse(key, written), key.name());
            });
        }
    }

    @Test
    void builtInSettingsNameKnownKeysAndAllowedValues() {
        List<Map<String, Object>> maps = List.of(
                BuiltInSettings.methodDefaults("coop"),
                BuiltInSettings.methodDefaults("linear-probe"),
                BuiltInSettings.preset("literal"));
        for (Map<String, Object> map : maps) {
            map.forEach((name, value) -> {
                Setting written = new Setting(name, value.toString(), "test");
                assertEquals(value, Values.parse(Keys.get(name), written), name);
            });
        }
    }

    @Test
    void namesAreUnique() {
        Set<String> names = new HashSet<>();
        Keys.all().forEach(key -> assertTrue(names.add(key.name()), key.name()));
    }

    @Test
    void exactlySixKeysHaveABareProperty() {
        Set<String> bare = Keys.all().stream().filter(Key::bare).map(Key::name).collect(Collectors.toSet());
        assertEquals(Set.of("way", "shot", "seed", "method", "model", "dataset"), bare);
    }

    @Test
    void defaultsAreTheMethodPages() {
        Map<String, Object> expected = Map.ofEntries(
                Map.entry("way", 5L),
                Map.entry("shot", 2L),
                Map.entry("seed", 1L),
                Map.entry("dataset.shots", 16L),
                Map.entry("episode.imagesPerClass", 16L),
                Map.entry("episode.tasks", 4L),
                Map.entry("prompt.length", 4L),
                Map.entry("prompt.init", "a photo of a"),
                Map.entry("train.epochs", 100L),
                Map.entry("train.iterations", 10L),
                Map.entry("train.batch", 32L),
                Map.entry("train.learningRate", 2e-3),
                Map.entry("train.momentum", 0.9),
                Map.entry("train.weightDecay", 5e-4),
                Map.entry("train.warmupEpochs", 1L),
                Map.entry("train.warmupLearningRate", 1e-5),
                Map.entry("loss.klWeight", 0.2),
                Map.entry("mlp.ratio", 4L),
                Map.entry("evaluate.episodes", 600L));
        expected.forEach((name, value) ->
                assertEquals(value, Keys.get(name).defaultValue().orElseThrow(), name));
    }

    @ParameterizedTest
    @CsvSource({
        "epsiode.tasks, episode.tasks",
        "epochs, train.epochs",
        "train.epoch, train.epochs",
        "Way, way",
        "ways, way",
        "metaprompt.way, way",
        "trian.learningrate, train.learningRate",
        "learningRate, train.learningRate",
        "loss.klweight, loss.klWeight",
        "dataset.clasSplit, dataset.classSplit",
        "crossattention.head, crossAttention.heads",
    })
    void suggestsTheNearestName(String wrong, String expected) {
        assertEquals(expected, Keys.nearest(wrong).name());
    }

    @ParameterizedTest
    @CsvSource({"'', abc, 3", "abc, abc, 0", "abc, acb, 1", "kitten, sitting, 3", "way, wya, 1", "ca, abc, 3"})
    void editDistanceCountsSwapsOfNeighboursAsOne(String a, String b, int distance) {
        assertEquals(distance, EditDistance.of(a, b));
        assertEquals(distance, EditDistance.of(b, a));
    }
}
