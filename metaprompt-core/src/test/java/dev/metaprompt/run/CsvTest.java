package dev.metaprompt.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.RandomStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a spreadsheet would compute is text, and every text comes back as it was. */
class CsvTest {
    private static final String ATTACK = "=HYPERLINK(\"http://x\",\"click\")";
    private static final String STARTERS = "=+-@\t\r\n＝＋－＠";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                ATTACK,
                "=1+1",
                "+cmd|' /C calc'!A0",
                "-2+3+cmd|' /C calc'!A0",
                "@SUM(1;1)",
                "\t=1",
                "\r=1",
                "\n=1",
                "＝1+1",
                "-",
                "-0.5x",
                "--1",
                "'=1",
                "''=1",
                "-Infinity"
            })
    void aFormulaBecomesTextAndComesBack(String text) {
        String line = Csv.line(List.of("a", text));
        // What a spreadsheet sees once the quoting is undone.
        String cell = line.substring(2, line.length() - 1);
        String seen =
                cell.startsWith("\"") ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell;
        assertEquals('\'', seen.charAt(0), line);
        assertEquals(List.of(List.of("a", text)), Csv.parse(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-0.5", "+1", "-1.0E-7", "1e5", "-.5", "-3.", "0", "'tis", "it's", "a=b", "", " =1", "−1.5", "'"
            })
    void numbersAndPlainTextsStayAsTheyAre(String text) {
        String line = Csv.line(List.of("a", text));
        assertEquals("a," + text + "\n", line);
        assertEquals(List.of(List.of("a", text)), Csv.parse(line));
    }

    @Test
    void anyTextComesBackAndNoCellIsAFormula() {
        String characters = STARTERS + "'\",;ab1.eE ";
        RandomStream random = RandomStream.of(1, "csv");
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(6); i > 0; i--) {
                text.append(characters.charAt(random.nextInt(characters.length())));
            }
            List<String> row = List.of("x", text.toString(), text.toString());
            String line = Csv.line(row);
            assertEquals(List.of(row), Csv.parse(line));
            char first = line.replaceFirst("x,\"?", "").charAt(0);
            boolean number = text.toString().matches("[+-]?[0-9.]+([eE][+-]?[0-9]+)?");
            assertTrue(text.length() == 0 || number || STARTERS.indexOf(first) < 0, line);
        }
    }

    @Test
    void anAttackersClassNameAndImagesRoundTripThroughPredictions() throws Exception {
        List<Prediction> predictions = new ArrayList<>();
        for (String name : List.of(ATTACK, "-lined", "@dotted", "'=x", "+", "\t=1", "-5")) {
            predictions.add(new Prediction("base", name + "/1.png", name, name, 0.5, -0.0, name));
        }
        Path file = folder.resolve("predictions.csv");
        Predictions.write(file, predictions);
        assertEquals(predictions, Predictions.read(file));
        String text = Files.readString(file);
        assertFalse(text.contains(",=") || text.contains(",\"=") || text.contains(",@"), text);
        assertTrue(text.contains(",0.5,-0.0,"), "numbers are numbers: " + text);
    }

    @Test
    void filesOfEarlierVersionsAreReadAsTheyWere() {
        assertEquals(List.of(List.of("=1", "-x/1.png", "@")), Csv.parse("=1,-x/1.png,@\n"));
    }
}
