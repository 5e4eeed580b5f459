package dev.metaprompt.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void setUp() {
        file = folder.resolve("metrics.jsonl");
    }

    private static Map<String, Object> line(int step) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("loss", 0.1f);
        line.put("none", null);
        line.put("image", "<a>&'é.png");
        return line;
    }

    private void write(int... steps) {
        try (JsonLines lines = JsonLines.append(file)) {
            for (int step : steps) {
                lines.write(line(step));
            }
        }
    }

    private List<Integer> steps() {
        return JsonLines.read(file).stream()
                .map(line -> line.get("step").getAsInt())
                .toList();
    }

    @Test
    void aLineIsInTheFileBeforeItIsClosed() throws IOException {
        try (JsonLines lines = JsonLines.append(file)) {
            lines.write(line(1));
            assertEquals("{\"step\":1,\"loss\":0.1,\"image\":\"<a>&'é.png\"}\n", Files.readString(file));
            lines.force();
        }
    }

    @Test
    void whatAListLinksToIsNeitherCutNorAppendedTo() throws IOException {
        Path thesis = Files.writeString(file.resolveSibling("thesis"), "years of work\nand a torn line");
        Files.createSymbolicLink(file, thesis);
        assertThrows(InvalidInputException.class, () -> JsonLines.append(file));
        assertThrows(InvalidInputException.class, () -> JsonLines.truncate(file, 1));
        assertThrows(InvalidInputException.class, () -> JsonLines.truncate(file, 0));
        assertThrows(InvalidInputException.class, () -> JsonLines.read(file));
        assertEquals("years of work\nand a torn line", Files.readString(thesis));
    }

    @Test
    void appendingGoesOnBehindTheLastLine() {
        write(1, 2);
        write(3);
        assertEquals(List.of(1, 2, 3), steps());
    }

    @Test
    void aTornTailIsNeverALine() throws IOException {
        write(1, 2);
        Files.writeString(file, Files.readString(file) + "{\"step\":3");
        assertEquals(List.of(1, 2), steps());
        write(4);
        assertEquals(List.of(1, 2, 4), steps());
    }

    @Test
    void aFileOfATornTailAloneIsEmpty() throws IOException {
        Files.writeString(file, "{\"step\":1}");
        assertEquals(List.of(), JsonLines.read(file));
        JsonLines.truncate(file, 0);
        assertEquals(0, Files.size(file));
    }

    @Test
    void truncateKeepsTheFirstWholeLines() throws IOException {
        write(1, 2, 3);
        Files.writeString(file, Files.readString(file) + "{\"step\":4,");
        JsonLines.truncate(file, 3);
        assertEquals(List.of(1, 2, 3), steps());
        assertTrue(Files.readString(file).endsWith("}\n"));
        JsonLines.truncate(file, 1);
        assertEquals(List.of(1), steps());
        JsonLines.truncate(file, 0);
        assertEquals(List.of(), steps());
    }

    @Test
    void truncateWorksAcrossBlocks() throws IOException {
        String line = "{\"step\":1,\"x\":\"" + "a".repeat(70_000) + "\"}\n";
        Files.writeString(file, line.repeat(5) + "{torn" + "b".repeat(200_000));
        JsonLines.truncate(file, 4);
        assertEquals(4L * line.length(), Files.size(file));
        Files.writeString(file, line.repeat(2) + "b".repeat(200_000));
        JsonLines.append(file).close();
        assertEquals(2L * line.length(), Files.size(file));
    }

    @Test
    void fewerLinesThanTheCheckpointCountsIsAnError() throws IOException {
        write(1, 2);
        Files.writeString(file, Files.readString(file) + "{\"step\":3}");
        assertEquals(
                file + ": has fewer than the 3 lines its checkpoint counts. The run cannot go on; start a new one.",
                assertThrows(InvalidInputException.class, () -> JsonLines.truncate(file, 3))
                        .getMessage());
        assertEquals(List.of(1, 2), steps());
    }

    @Test
    void aMissingFileHasNoLinesToDrop() {
        JsonLines.truncate(file, 0);
        assertFalse(Files.exists(file));
        assertThrows(InvalidInputException.class, () -> JsonLines.truncate(file, 1));
    }

    @Test
    void aDamagedLineIsNamedByNumber() throws IOException {
        for (String damaged : List.of("{\"step\":", "[1]", "7", "")) {
            Files.writeString(file, "{\"step\":1}\n" + damaged + "\n");
            assertEquals(
                    file + ": line 2 is no JSON object. The file was changed or damaged; use another run.",
                    assertThrows(InvalidInputException.class, () -> JsonLines.read(file))
                            .getMessage());
        }
    }

    @Test
    void aNumberThatIsNotFiniteIsRefused() {
        try (JsonLines lines = JsonLines.append(file)) {
            lines.write(line(1));
            assertThrows(IllegalArgumentException.class, () -> lines.write(Map.of("loss", Double.NaN)));
        }
        assertEquals(List.of(1), steps());
    }

    @Test
    void aFullDiskIsNamedInOneLine() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "needs /dev/full");
        try (JsonLines lines = new JsonLines(full, FileChannel.open(full, StandardOpenOption.WRITE))) {
            assertEquals(
                    "/dev/full: cannot be written (No space left on device). What was written earlier is intact. Make"
                            + " room or permit writing there, then run again.",
                    assertThrows(InvalidInputException.class, () -> lines.write(line(1)))
                            .getMessage());
        }
    }

    @Test
    void linesComeBackAsObjects() {
        write(1);
        JsonObject object = JsonLines.read(file).get(0);
        assertEquals("<a>&'é.png", object.get("image").getAsString());
        assertFalse(object.has("none"));
    }
}
