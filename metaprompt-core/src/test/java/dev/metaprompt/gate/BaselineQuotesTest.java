package dev.metaprompt.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.run.SeedRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody else's baseline, or a file that is none: no message spreads what it holds. */
class BaselineQuotesTest {
    private static final String SECRET = "TOKEN=s3cr3t;".repeat(60);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "\"%s\"",
                "[\"%s\"]",
                "{\"schema\": \"%s\"}",
                "{\"schema\": 1, \"configurations\": \"%s\"}",
                "{\"schema\": 1, \"configurations\": [\"%s\"]}",
                "{\"schema\": 1, \"configurations\": [{\"method\": 1, \"dataset\": 1, \"model\": 1, \"config\": 1,"
                        + " \"testImages\": {\"base\": {\"count\": \"%s\"}}}]}",
                "{\"schema\": 1, \"%s\""
            })
    void aMessageHasAtMost80CharactersOfTheFile(String content) throws Exception {
        Path file = folder.resolve("b.json");
        Files.writeString(file, content.replace("%s", SECRET));
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> new BaselineFile(file, "b.json").read(Set.of()));
        assertTrue(e.getMessage().contains("is no baseline of this version"), e.getMessage());
        assertFalse(e.getMessage().contains(SECRET.substring(0, 81)), e.getMessage());
        assertTrue(e.getMessage().length() < file.toString().length() + 250, e.getMessage());
    }

    @Test
    void deepNestingIsNoBaselineEither() throws Exception {
        Path file = folder.resolve("b.json");
        Files.writeString(file, "{\"schema\": 1, \"configurations\": " + "[".repeat(200_000));
        assertThrows(InvalidInputException.class, () -> new BaselineFile(file, "b.json").read(Set.of()));
    }

    @Test
    void labelsQuoteLittleAndStayApart() throws Exception {
        Path runs = folder.resolve("runs");
        for (String end : List.of("a", "b")) {
            new SampleRuns(runs).with(SECRET + "\u001b[31m", SECRET + end).finished(end.charAt(0), 70, 60);
        }
        List<RunSetting> settings = GateRuns.read(runs, "*", Mixed.REFUSE).groups().stream()
                .map(SeedRuns::setting)
                .toList();
        assertEquals(2, settings.size());
        Set<String> labels = new HashSet<>(Labels.of(settings).values());
        assertEquals(2, labels.size(), labels.toString());
        labels.forEach(label -> {
            assertFalse(label.contains(SECRET.substring(0, 81)), label);
            assertTrue(label.length() < 2 * 81 + 40, label);
        });
    }

    @Test
    void aMethodThatTheBaselineLacksIsNotQuotedAtLength() throws Exception {
        Path runs = folder.resolve("runs");
        new SampleRuns(runs).method(SECRET + "\u001b[31m").finished(1, 70, 60);
        SeedRuns group = GateRuns.read(runs, "*", Mixed.REFUSE).groups().get(0);
        String refusal = BaselineMatch.refusal(new Baseline(List.of()), "b.json", group);
        assertTrue(refusal.contains("has no configuration of method TOKEN="), refusal);
        assertFalse(refusal.contains(SECRET.substring(0, 81)), refusal);
    }

    @Test
    void aStrangersKeysAreNotQuotedAtLength() throws Exception {
        Path runs = folder.resolve("runs");
        new SampleRuns(runs).finished(1, 70, 60);
        Path file = folder.resolve("b.json");
        BaselineFile baseline = new BaselineFile(file, "b.json");
        GateRuns read = GateRuns.read(runs, "*", Mixed.REFUSE);
        baseline.write(Baseline.of(read.groups()));
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("\"train.learningRate\": 0.002", "\"" + SECRET + "\": 1")
                        .replace("\"name\": \"textures\"", "\"name\": \"" + SECRET + "\""));
        GateResult result = new Gate(SampleRuns.options(OptionalDouble.empty(), 1)).judge(read, Optional.of(baseline));
        String text = String.join("\n", result.lines());
        assertFalse(result.passed());
        assertFalse(text.contains(SECRET.substring(0, 81)), text);
    }
}
