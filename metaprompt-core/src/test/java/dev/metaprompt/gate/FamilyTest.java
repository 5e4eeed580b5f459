package dev.metaprompt.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The confidence is that of the verdict over all configurations, not of each. */
class FamilyTest {
    @TempDir
    private Path folder;

    private void train(int configurations, double base) {
        for (int way = 2; way < 2 + configurations; way++) {
            for (long seed = 1; seed <= 3; seed++) {
                new SampleRuns(folder.resolve("runs")).way(way).finished(seed, way == 2 ? base : 70, 60);
            }
        }
    }

    private GateRuns read(String patterns) {
        return GateRuns.read(folder.resolve("runs"), patterns, Mixed.REFUSE);
    }

    private GateResult compared(String patterns) {
        return new Gate(SampleRuns.options(OptionalDouble.empty(), 0))
                .judge(read(patterns), Optional.of(new BaselineFile(folder.resolve("b.json"), "b.json")));
    }

    private JsonObject comparison(GateResult result) throws Exception {
        result.write(folder.resolve("check.json"), folder.resolve("TEST.xml"));
        return JsonParser.parseString(Files.readString(folder.resolve("check.json")))
                .getAsJsonObject()
                .getAsJsonArray("configurations")
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("comparison");
    }

    /** A drop that one configuration alone shows and one of twelve does not. */
    @Test
    void whatOneOfManyConfigurationsShowsByChanceIsNoAlarm() throws Exception {
        train(12, 70);
        new BaselineFile(folder.resolve("b.json"), "b.json")
                .write(Baseline.of(read("*").groups()));
        train(1, 67.5);
        GateResult alone = compared("*-2way*");
        assertFalse(alone.passed(), String.join("\n", alone.lines()));
        JsonObject own = comparison(alone);
        assertEquals(0.95, own.get("confidence").getAsDouble(), 0.0);
        assertTrue(String.join("\n", alone.lines()).contains("at 95 % one-sided confidence; check.tolerance"));
        GateResult family = compared("*");
        String text = String.join("\n", family.lines());
        assertTrue(family.passed(), text);
        assertTrue(text.contains("the confidence of 95 % is that of the 12 compared configurations together"), text);
        JsonObject amongTwelve = comparison(family);
        assertEquals(1 - 0.05 / 12, amongTwelve.get("confidence").getAsDouble(), 1e-12);
        assertEquals(own.get("change"), amongTwelve.get("change"));
        assertTrue(amongTwelve.get("halfWidth").getAsDouble()
                > own.get("halfWidth").getAsDouble());
        assertTrue(amongTwelve.get("lowerBoundOfDrop").getAsDouble() <= 0);
    }

    @Test
    void aClearDropOfOneConfigurationIsFoundAmongMany() throws Exception {
        train(12, 70);
        new BaselineFile(folder.resolve("b.json"), "b.json")
                .write(Baseline.of(read("*").groups()));
        train(1, 55);
        GateResult family = compared("*");
        String text = String.join("\n", family.lines());
        assertEquals(List.of("2-way 2-shot"), family.failed(), text);
        assertTrue(text.contains("at 99.58 % one-sided confidence (95 % over 12 configurations)"), text);
        assertTrue(comparison(family).get("lowerBoundOfDrop").getAsDouble() > 0);
    }

    @Test
    void shortOfAllIsNeverShownAsAll() {
        assertEquals("95 %", Points.percent(0.95));
        assertEquals("99.67 %", Points.percent(1 - 0.05 / 15));
        assertEquals("99.999 %", Points.percent(0.99999));
        assertEquals("100 %", Points.percent(1));
    }
}
