package dev.metaprompt.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunJsonTest {
    @TempDir
    private Path folder;

    private RunRecord reread(RunRecord record) throws IOException {
        Files.writeString(folder.resolve("run.json"), RunJson.write(record));
        return RunJsonReader.read(folder.resolve("run.json"));
    }

    @Test
    void whatImagesHoldIsWrittenBesideTheSplitAndReadAgain() throws IOException {
        RunRecord plain = Records.running("r1");
        RunRecord record = plain.withContent(new RunRecord.Content("ef56", "0789"));
        assertEquals(
                RunJson.write(plain)
                        .replace(
                                "    \"sha256\": \"cd34\",\n",
                                "    \"sha256\": \"cd34\",\n    \"contentSha256\": \"ef56\",\n"
                                        + "    \"testContentSha256\": \"0789\",\n"),
                RunJson.write(record));
        assertEquals(record, reread(record));
        assertEquals(Optional.empty(), reread(plain).dataset().content());
        RunRecord ordered = plain.withContent(new RunRecord.Content("ef56", "0789", Optional.of("convert-first")));
        assertTrue(RunJson.write(ordered)
                .contains("    \"testContentSha256\": \"0789\",\n    \"testColorOrder\": \"convert-first\",\n"));
        assertEquals(ordered, reread(ordered));
    }

    @Test
    void warningsAreWrittenOnlyWhereThereAreSomeAndNeverTwice() throws IOException {
        RunRecord plain = Records.running("r1");
        assertFalse(RunJson.write(plain).contains("warnings"));
        assertEquals(List.of(), reread(plain).warnings());
        RunRecord record = plain.withWarnings(List.of("one", "two")).withWarnings(List.of("two", "three"));
        assertEquals(List.of("one", "two", "three"), record.warnings());
        String json = RunJson.write(record);
        assertTrue(json.contains("\"warnings\": [\n    \"one\",\n    \"two\",\n    \"three\"\n  ]"), json);
        assertEquals(record, reread(record));
    }

    @Test
    void warningsStayWhateverBecomesOfTheRun() throws IOException {
        RunRecord record = Records.running("r1").withWarnings(List.of("one"));
        List<RunRecord> later = List.of(
                record.withStatus(RunStatus.INTERRUPTED, Optional.of(Records.START)),
                record.failed(Records.START, "no"),
                record.finished(Records.START, Records.baseOnly(70), Map.of()),
                record.goneOnWith(CodeVersion.of(Map.of())),
                record.withTimings(Map.of()),
                record.withContent(new RunRecord.Content("ef", "01")));
        for (RunRecord each : later) {
            assertEquals(List.of("one"), reread(each).warnings(), each.status().word());
        }
    }

    @Test
    void whatWasReadFromTheModelsFilesIsKept() throws IOException {
        assertFalse(RunJson.write(Records.running("r1")).contains("reading"));
        String json = RunJson.write(Records.running("r1"))
                .replace("\"sha256\": \"ab12\"", "\"sha256\": \"ab12\",\n    \"reading\": \"anew:cd\"");
        Path file = Files.writeString(folder.resolve("reading.json"), json);
        assertEquals(Optional.of("anew:cd"), RunJsonReader.read(file).model().reading());
        assertEquals(json, RunJson.write(RunJsonReader.read(file)));
    }

    @Test
    void aRunningRecordIsWrittenFieldByField() {
        assertEquals("""
                {
                  "schema": 1,
                  "id": "r1",
                  "status": "running",
                  "started": "2026-01-02T03:04:05Z",
                  "method": "metaprompt",
                  "model": {
                    "name": "nano-clip",
                    "path": "models/nano-clip",
                    "sha256": "ab12"
                  },
                  "dataset": {
                    "name": "textures",
                    "path": "data/textures",
                    "split": "split_zhou_Textures.json",
                    "sha256": "cd34",
                    "base": [
                      "banded",
                      "<b>dotted"
                    ],
                    "new": [
                      "zigzagged"
                    ],
                    "shots": {
                      "banded": [
                        "banded/1.png",
                        "banded/2.png"
                      ]
                    }
                  },
                  "config": {
                    "model": "nano-clip",
                    "dataset": "textures",
                    "method": "metaprompt",
                    "way": 5,
                    "shot": 2,
                    "seed": 9007199254740991,
                    "train.learningRate": 0.002,
                    "mlp.residual": true,
                    "prompt.init": "a photo of a"
                  },
                  "origins": {
                    "model": "default",
                    "dataset": "default",
                    "method": "default",
                    "way": "-Dway",
                    "shot": "default",
                    "seed": "default",
                    "train.learningRate": "default",
                    "mlp.residual": "default",
                    "prompt.init": "default"
                  },
                  "environment": {
                    "project": "0.1.0",
                    "djl": "0.35.1",
                    "engine": "PyTorch 2.7.1",
                    "java": "17.0.1",
                    "os": "Linux",
                    "device": "cpu",
                    "threads": 2,
                    "gitCommit": "abc123"
                  },
                  "timings": {}
                }
                """, RunJson.write(Records.running("r1")));
    }

    @Test
    void aFinishedRecordCarriesTheFigures() throws IOException {
        RunRecord record = Records.running("r1")
                .finished(Records.START.plusSeconds(60), Records.results(71.3, 58.9, 64.5), Map.of("train", 12.5));
        String json = RunJson.write(record);
        assertTrue(json.contains("\"status\": \"finished\",\n  \"started\": \"2026-01-02T03:04:05Z\",\n"
                + "  \"finished\": \"2026-01-02T03:05:05Z\","));
        assertTrue(
                json.contains("\"results\": {\n    \"base\": 71.3,\n    \"new\": 58.9,\n    \"harmonicMean\": 64.5,"));
        assertTrue(json.contains("\"template\": \"{} texture.\",\n        \"base\": 56.0,\n        \"new\": 59.5,"));
        assertEquals(record, reread(record));
    }

    @Test
    void absentFieldsAreAbsent() throws IOException {
        RunRecord record = Records.running("r1").finished(Records.START, Records.baseOnly(70), Map.of());
        String json = RunJson.write(record);
        String results = json.substring(json.indexOf("\"results\""));
        assertTrue(!results.contains("\"new\"") && !results.contains("harmonicMean") && !json.contains("null"), json);
        assertEquals(record, reread(record));
    }

    @Test
    void numbersKeepTheirKind() throws IOException {
        Map<String, Object> config = Map.of(
                "method",
                "coop",
                "model",
                "m",
                "dataset",
                "d",
                "a",
                5,
                "b",
                5.0,
                "c",
                1e-5,
                "d",
                1e300,
                "e",
                Long.MAX_VALUE,
                "f",
                "5");
        Map<String, Object> read = reread(Records.running("r1", config)).config();
        assertEquals(5L, read.get("a"));
        assertEquals(5.0, read.get("b"));
        assertEquals(1e-5, read.get("c"));
        assertEquals(1e300, read.get("d"));
        assertEquals(Long.MAX_VALUE, read.get("e"));
        assertEquals("5", read.get("f"));
    }

    @Test
    void whatJsonCannotHoldIsRefused() {
        Map<String, Object> config = Map.of("method", "m", "model", "m", "dataset", "d", "a", Double.NaN);
        assertThrows(IllegalArgumentException.class, () -> Records.running("r", config));
        assertThrows(IllegalArgumentException.class, () -> Records.baseOnly(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Records.baseOnly(100.5));
        RunRecord record = Records.running("r").withTimings(Map.of("train", Double.POSITIVE_INFINITY));
        assertThrows(IllegalArgumentException.class, () -> RunJson.write(record));
    }

    @Test
    void aFailedRunSaysWhyUntilItGoesOn() throws IOException {
        RunRecord failed = Records.running("r1").failed(Records.START, "a.jpg: empty");
        assertEquals(failed, reread(failed));
        assertEquals(Optional.of("a.jpg: empty"), failed.error());
        RunRecord goneOn = failed.withStatus(RunStatus.RUNNING, Optional.empty());
        assertEquals(Records.running("r1"), goneOn);
    }

    @Test
    void fieldsOfLaterVersionsAreLeftAlone() throws IOException {
        Path file = folder.resolve("run.json");
        String json = RunJson.write(Records.running("r1"));
        Files.writeString(file, json.replaceFirst("\"schema\": 1,", "\"schema\": 1, \"extra\": {\"a\": 1},"));
        assertEquals(Records.running("r1"), RunJsonReader.read(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "7",
                "{}",
                "{\"schema\": 2}",
                "{\"schema\": \"x\"}",
                "{\"schema\": 1, \"id\": 3}",
                "{\"schema\": 1, \"id\": \"r\", \"status\": \"done\"}",
                "{\"schema\": 1, \"id\": \"r\", \"status\": \"running\", \"started\": \"today\"}",
            })
    void whatIsNoRecordIsAnErrorOfOneLine(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("run.json"), content);
        String message = assertThrows(InvalidInputException.class, () -> RunJsonReader.read(file))
                .getMessage();
        assertTrue(message.startsWith(file + ": is no run record of this version ("), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void everyFieldOfAnotherKindIsAnError() throws IOException {
        String json = RunJson.write(
                Records.running("r1").finished(Records.START, Records.results(70, 60, 64), Map.of("train", 1.0)));
        for (String field :
                new String[] {"model", "dataset", "base", "shots", "config", "results", "zeroShot", "timings"}) {
            Path file = Files.writeString(
                    folder.resolve("run.json"),
                    json.replaceFirst("\"" + field + "\": [\\[{]", "\"" + field + "\": \"x\", \"y\": $0")
                            .replace("\"y\": \"" + field + "\": ", "\"y\": "));
            assertThrows(InvalidInputException.class, () -> RunJsonReader.read(file), field);
        }
    }
}
