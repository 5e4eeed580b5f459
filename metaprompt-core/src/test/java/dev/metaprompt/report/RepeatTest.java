package dev.metaprompt.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepeatTest {
    private static RunRecord record(Map<String, Object> values, Map<String, String> origins) {
        Map<String, Object> config =
                new LinkedHashMap<>(Map.of("method", "coop", "model", "nano-clip", "dataset", "textures"));
        config.putAll(values);
        RunRecord r = Records.running("id", config);
        Map<String, String> all = new LinkedHashMap<>();
        config.keySet().forEach(key -> all.put(key, origins.getOrDefault(key, "default")));
        return new RunRecord(
                r.id(),
                r.status(),
                r.started(),
                r.finished(),
                r.method(),
                r.model(),
                r.dataset(),
                r.config(),
                all,
                r.environment(),
                r.timings(),
                r.results(),
                r.error());
    }

    private static String command(String key, Object value, String origin) {
        return Repeat.train(record(Map.of(key, value), Map.of(key, origin)));
    }

    @Test
    void theCommandHoldsWhatWasSetAndNothingElse() {
        assertEquals("mvn metaprompt:train -Dway=5", command("way", 5L, "-Dway"));
        assertEquals(
                "mvn metaprompt:train -Dmetaprompt.train.epochs=9", command("train.epochs", 9L, "mine.yaml, line 3"));
        assertEquals("mvn metaprompt:train -o", command("offline", true, "-o"));
        assertEquals("mvn metaprompt:train", command("threads", 2L, "automatic"));
        assertEquals("mvn metaprompt:train", command("train.epochs", 200L, "method default"));
        assertEquals("mvn metaprompt:train", command("train.batch", 2L, "model recommendation (x)"));
        assertEquals(
                "mvn metaprompt:train '-Dmetaprompt.prompt.init=it'\\''s $HOME'",
                command("prompt.init", "it's $HOME", "-Dmetaprompt.prompt.init"));
    }

    @Test
    void keysThatVaryShowEveryValue() {
        List<RunRecord> records = List.of(
                record(Map.of("seed", 1L, "way", 5L), Map.of("seed", "-Dseed")),
                record(Map.of("seed", 2L, "way", 5L), Map.of()));
        List<List<String>> rows = Repeat.config(records);
        assertTrue(rows.contains(List.of("seed", "1 | 2", "-Dseed | default")), rows.toString());
        assertTrue(rows.contains(List.of("way", "5", "default")), rows.toString());
        assertEquals("project", Repeat.environment(records).get(0).get(0));
        assertTrue(Repeat.environment(records).toString().contains("sha256 ab12"));
    }
}
