package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.config.Key;
import dev.metaprompt.config.Keys;
import dev.metaprompt.config.MethodKeys;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a method is said not to read changes nothing that it computes, and no setting. */
class UnreadKeysTest {
    /** Other values than the defaults and than those of the runs here. */
    private static final Map<String, String> OTHER = Map.ofEntries(
            Map.entry("way", "2"),
            Map.entry("shot", "1"),
            Map.entry("evaluate.episodes", "31"),
            Map.entry("preset", "literal"),
            Map.entry("prompt.length", "2"),
            Map.entry("prompt.init", "random"),
            Map.entry("episode.tasks", "2"),
            Map.entry("episode.imagesPerClass", "4"),
            Map.entry("episode.shuffleSupport", "true"),
            Map.entry("train.epochs", "3"),
            Map.entry("train.iterations", "2"),
            Map.entry("train.batch", "5"),
            Map.entry("train.learningRate", "0.01"),
            Map.entry("train.momentum", "0.5"),
            Map.entry("train.weightDecay", "0.1"),
            Map.entry("train.schedule", "constant"),
            Map.entry("train.warmupEpochs", "0"),
            Map.entry("train.warmupLearningRate", "0.5"),
            Map.entry("train.select", "best-val"),
            Map.entry("loss.klWeight", "3"),
            Map.entry("loss.klDirection", "text-mm"),
            Map.entry("loss.klReduction", "element"),
            Map.entry("loss.detachMultimodal", "true"),
            Map.entry("prototype", "mean"),
            Map.entry("crossAttention.heads", "2"),
            Map.entry("crossAttention.scope", "task"),
            Map.entry("crossAttention.norm", "true"),
            Map.entry("crossAttention.init", "xavier"),
            Map.entry("crossAttention.input", "raw"),
            Map.entry("mlp.ratio", "2"),
            Map.entry("mlp.residual", "false"),
            Map.entry("mlp.norm", "true"),
            Map.entry("augment", "views:2"));

    @TempDir
    Path folder;

    private Path dataset;

    @BeforeEach
    void writeData() throws IOException {
        dataset = SmallDataset.write(folder.resolve("dtd-small"));
        SmallDataset.addValidation(dataset);
    }

    private RunDirectory run(Map<String, String> keys) {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "dataset", dataset.toString(),
                "cache", folder.resolve("cache").toString(),
                "dataset.shots", "6",
                "episode.imagesPerClass", "6",
                "way", "3",
                "train.epochs", "2",
                "train.iterations", "1",
                "evaluate.episodes", "20",
                "augment", "none",
                "threads", "1"));
        all.put("runs", folder.resolve("runs" + System.nanoTime()).toString());
        all.putAll(keys);
        List<String> options = new ArrayList<>();
        all.forEach((key, value) -> options.addAll(List.of(key, value)));
        new TrainCommand().run(new TestContext(folder, options.toArray(String[]::new)));
        return RunDirectory.newest(Path.of(all.get("runs")));
    }

    private static Set<String> unread(String method) {
        Set<String> unread = new TreeSet<>();
        for (Key key : Keys.all()) {
            if (!MethodKeys.reads(method, key.name())) {
                unread.add(key.name());
            }
        }
        return unread;
    }

    @ParameterizedTest
    @ValueSource(strings = {"coop", "linear-probe", "clip", "metaprompt"})
    void changesNothing(String method) throws IOException {
        Map<String, String> keys = new TreeMap<>(Map.of("method", method));
        RunDirectory usual = run(keys);
        unread(method).forEach(key -> keys.put(key, OTHER.get(key)));
        RunDirectory other = run(keys);
        for (String file : List.of(RunDirectory.PREDICTIONS, RunDirectory.LEARNED)) {
            assertEquals(Files.exists(usual.file(file)), Files.exists(other.file(file)));
            if (Files.exists(usual.file(file))) {
                assertArrayEquals(Files.readAllBytes(usual.file(file)), Files.readAllBytes(other.file(file)), file);
            }
        }
        RunRecord one = usual.readRecord();
        RunRecord two = other.readRecord();
        assertEquals(one.results(), two.results());
        assertNotEquals(one.config(), two.config());
        assertEquals(RunSetting.of(one), RunSetting.of(two));
        assertEquals(RunSetting.of(one).hashCode(), RunSetting.of(two).hashCode());
        assertEquals(Set.of(), RunSetting.of(one).differingKeys(RunSetting.of(two)));
        assertTrue(RunSetting.of(one).agreesWith(RunSetting.of(two)));
    }

    @Test
    void theKeysOfEachMethodAreThese() {
        assertEquals(Set.of("train.batch"), unread("metaprompt"));
        assertTrue(unread("coop").containsAll(Set.of("way", "shot", "loss.klWeight", "prototype", "mlp.ratio")));
        assertFalse(unread("coop").contains("prompt.init"));
        assertTrue(unread("linear-probe").containsAll(Set.of("prompt.init", "way")));
        assertEquals(OTHER.keySet(), unread("clip"), "clip trains nothing and draws no tasks");
        assertEquals(Set.of(), unread("a method of a later version"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"coop", "linear-probe", "clip", "metaprompt"})
    void aRecordThatLacksAKeyHasItsDefault(String method) {
        RunRecord record = run(Map.of("method", method)).readRecord();
        RunSetting setting = RunSetting.of(record);
        for (Key key : Keys.all()) {
            Object value = setting.config().get(key.name());
            if (value == null) {
                continue;
            }
            Map<String, Object> older = new TreeMap<>(setting.config());
            older.remove(key.name());
            RunSetting lacking = new RunSetting(setting.data(), method, older);
            boolean same = !MethodKeys.reads(method, key.name())
                    || MethodKeys.defaultOf(method, key.name()).equals(java.util.Optional.of(value));
            assertEquals(same, setting.equals(lacking), key.name() + " is " + value);
            assertEquals(same, lacking.agreesWith(setting), key.name() + " is " + value);
            assertEquals(same ? Set.of() : Set.of(key.name()), lacking.differingKeys(setting));
        }
    }
}
