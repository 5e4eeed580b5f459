package dev.metaprompt.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.ModelReading;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedRunsTest {
    private static final String ONE = "1a".repeat(32);
    private static final String TWO = "2b".repeat(32);

    @TempDir
    private Path runs;

    private RunDirectory run(long seed, Map<String, Object> more) {
        RunDirectory run = RunDirectory.create(runs, "metaprompt", "textures", 5, 2, seed, Records.START);
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model", "nano-clip");
        config.put("dataset", "textures");
        config.put("method", "metaprompt");
        config.put("way", 5L);
        config.put("shot", 2L);
        config.put("seed", seed);
        config.putAll(more);
        run.writeRecord(
                Records.running(run.id(), config).finished(Records.START, Records.results(70, 60, 64.6), Map.of()));
        return run;
    }

    private List<SeedRuns> groups() {
        return SeedRuns.of(RunDirectory.list(runs));
    }

    @Test
    void placesAndMachineMakeNoOtherSetting() {
        run(1, Map.of("runs", "a", "threads", 1L, "tracking.uri", "http://localhost"));
        run(2, Map.of("runs", "b", "threads", 2L, "dataset.root", "/data", "device", "cpu"));
        assertEquals(Set.of(1L, 2L), groups().get(0).bySeed().keySet());
    }

    @Test
    void ofARepeatedSeedTheNewestCounts() {
        run(1, Map.of());
        String newest = run(1, Map.of()).id();
        assertEquals(newest, groups().get(0).bySeed().get(1L).record().id());
    }

    @Test
    void anotherValueIsAnotherSettingAndIsNamed() {
        run(1, Map.of("train.epochs", 2L));
        run(1, Map.of("train.epochs", 3L, "mlp.norm", true));
        List<RunSetting> settings = groups().stream().map(SeedRuns::setting).toList();
        assertEquals(Set.of("mlp.norm", "train.epochs"), settings.get(0).differingKeys(settings.get(1)));
        assertEquals(
                Set.of("mlp.norm=true train.epochs=3", "mlp.norm=false train.epochs=2"),
                Set.of(settings.get(0).differences(settings), settings.get(1).differences(settings)));
    }

    private RunDirectory run(long seed, String all, String test) {
        RunDirectory run = run(seed, Map.of());
        run.writeRecord(run.readRecord().withContent(new RunRecord.Content(all, test)));
        return run;
    }

    private List<Set<Long>> seeds() {
        return groups().stream().map(group -> group.bySeed().keySet()).toList();
    }

    @Test
    void seedsDrawOtherTrainingImagesAndAreTestedOnTheSame() {
        run(1, "aa", "11");
        run(2, "bb", "11");
        assertEquals(List.of(Set.of(1L, 2L)), seeds());
        assertEquals(0, groups().get(0).onTrust());
    }

    @Test
    void otherTestImagesUnderTheSameNamesAreAnotherSetting() {
        run(1, "aa", "11");
        run(2, "bb", "22");
        assertEquals(List.of(Set.of(1L), Set.of(2L)), seeds());
    }

    @Test
    void runsOfOlderVersionsBelongToTheOnesThatSayWhatTheirImagesHold() {
        run(1, Map.of());
        run(2, "bb", "11");
        assertEquals(List.of(Set.of(1L, 2L)), seeds());
        assertEquals(1, groups().get(0).onTrust());
        assertEquals("11", groups().get(0).setting().data().testContent());
        run(3, "cc", "22");
        assertEquals(3, seeds().size());
        run(4, Map.of("train.epochs", 2L));
        assertEquals(4, seeds().size());
    }

    @Test
    void anotherSettingOfAnOlderVersionIsOfTheSameDataToo() {
        run(1, "aa", "11");
        run(1, Map.of("train.epochs", 2L));
        assertEquals(
                1,
                groups().stream()
                        .map(group -> group.setting().data())
                        .distinct()
                        .count());
    }

    private RunDirectory read(long seed, String reading) {
        RunDirectory run = run(seed, Map.of());
        Records.read(run, reading);
        return run;
    }

    @Test
    void seedsOfTwoReadingsOfAModelAreTwoSettings() {
        read(1, ONE);
        read(2, ONE);
        read(3, TWO);
        assertEquals(List.of(Set.of(1L, 2L), Set.of(3L)), seeds());
    }

    @Test
    void theDigestOfAReadingCountsAndNotHowOlderVersionsReadTheFiles() {
        read(1, ONE);
        read(2, ModelReading.ANEW + ONE);
        assertEquals(List.of(Set.of(1L, 2L)), seeds());
    }

    @Test
    void runsOfOlderVersionsBelongToTheOnlyReadingThatTheyMayBeOf() {
        run(1, Map.of());
        read(2, ModelReading.ANEW + ONE);
        assertEquals(2, seeds().size());
        read(3, TWO);
        assertEquals(Set.of(Set.of(2L), Set.of(1L, 3L)), Set.copyOf(seeds()));
        read(4, ONE);
        assertEquals(3, seeds().size());
    }

    @Test
    void settingsAgreeUnlessTheirReadingsCannotBeTheSame() {
        RunSetting old = RunSetting.of(run(1, Map.of()).readRecord());
        RunSetting one = RunSetting.of(read(1, ONE).readRecord());
        RunSetting two = RunSetting.of(read(1, TWO).readRecord());
        RunSetting anew = RunSetting.of(read(1, ModelReading.ANEW + ONE).readRecord());
        assertTrue(old.agreesWith(one) && one.agreesWith(old));
        assertFalse(old.agreesWith(anew) || anew.agreesWith(old));
        assertFalse(one.agreesWith(two));
        assertTrue(one.agreesWith(anew) && one.equals(anew) && one.hashCode() == anew.hashCode());
        assertNotEquals(one, two);
        assertNotEquals(one, old);
    }
}
