package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowNamesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "harmonic_mean",
                "harmonic_mean/way_5",
                "train.learningRate",
                "p value",
                "a-b/c.d",
                ".hidden",
                "a..b",
                "a/...",
                "metaprompt.axis.way"
            })
    void aNameThatEveryServerTakesStays(String name) {
        assertEquals(Map.of(name, name), MlflowNames.fit(List.of(name)));
    }

    @Test
    void oneThatNotEveryServerTakesIsReadableWhereItIsClear() {
        assertEquals(
                Map.of("harmonicMean/augment_views:8", "harmonicMean/augment_views_8", "x/way=5", "x/way_5"),
                MlflowNames.fit(List.of("harmonicMean/augment_views:8", "x/way=5")));
    }

    @Test
    void whatWouldBecomeTheSameIsToldApart() {
        String a = "x".repeat(240);
        List<String> names = List.of(
                "views:8",
                "views_8",
                "views=8",
                "views+8",
                "é",
                "è",
                a + "/augment_views:8",
                a + "/augment_views:9",
                "a//b",
                "a/./b",
                "/a",
                "a/",
                ".",
                "..",
                "../a",
                "");
        Map<String, String> fit = MlflowNames.fit(names);
        assertEquals("views_8", fit.get("views_8"));
        assertEquals(names.size(), new HashSet<>(fit.values()).size(), fit.toString());
        assertTrue(fit.values().stream().allMatch(name -> name.length() <= 250), fit.toString());
        // Fit again, as a record of an earlier version is.
        fit.values().forEach(name -> assertEquals(Map.of(name, name), MlflowNames.fit(List.of(name))));
    }

    /** A server with the rules of before August 2024. */
    @Test
    void anOldServerTakesEveryFigureAndAxis() throws IOException {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("harmonicMean/augment_views:8", 1.0);
        figures.put("harmonicMean/augment_views_8", 2.0);
        figures.put("harmonicMean/" + "l".repeat(300) + "1", 3.0);
        figures.put("harmonicMean/" + "l".repeat(300) + "2", 4.0);
        figures.put("harmonicMean//", 5.0);
        List<String> told = new ArrayList<>();
        List<Map<String, String>> cells = List.of(Map.of("a:b", "1", "a_b", "2", "../c", "3"));
        try (FakeMlflow server = new FakeMlflow()) {
            Path place = Files.createDirectories(folder.resolve("n-way"));
            ExperimentRun run = ExperimentRun.begin(
                    Optional.of(server.server()),
                    Optional.empty(),
                    place,
                    ExperimentRecord.Facts.of("n-way", "N", "ab".repeat(32), cells),
                    new dev.metaprompt.Progress() {
                        @Override
                        public void phase(String text) {
                            told.add(text);
                        }

                        @Override
                        public void update(String what, long done, long total, String detail) {}
                    });
            assertTrue(run.end(RunStatus.FINISHED, figures, false).isPresent(), told.toString());
            assertEquals(List.of(), told);
            FakeMlflow.StoredRun there = server.active().get(0);
            assertEquals(5, there.metrics.size());
            assertEquals(
                    5,
                    there.metrics.stream()
                            .map(metric -> metric.get("key"))
                            .distinct()
                            .count());
            assertEquals(3, there.params.size());
        }
    }
}
