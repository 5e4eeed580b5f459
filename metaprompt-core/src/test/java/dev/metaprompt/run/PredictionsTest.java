package dev.metaprompt.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionsTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void setUp() {
        file = folder.resolve("predictions.csv");
    }

    @Test
    void fieldsAreQuotedWhereNeeded() throws IOException {
        List<Prediction> predictions = List.of(
                new Prediction("base", "banded/1.png", "banded", "lined", 0.5, 1e-7, "banded"),
                new Prediction("new", "a,b/\"1\".png", "line\nbreak", "x", 1, 0, ""));
        Predictions.write(file, predictions);
        assertEquals(
                "split,image,label,predicted,probability,labelProbability,zeroShotPredicted\n"
                        + "base,banded/1.png,banded,lined,0.5,1.0E-7,banded\n"
                        + "new,\"a,b/\"\"1\"\".png\",\"line\nbreak\",x,1.0,0.0,\n",
                Files.readString(file));
        assertEquals(predictions, Predictions.read(file));
    }

    @Test
    void otherProgramsLineEndsAreRead() throws IOException {
        Predictions.write(file, List.of(new Prediction("base", "i", "l", "p", 0.25, 0.125, "z")));
        List<Prediction> expected = Predictions.read(file);
        Files.writeString(file, Files.readString(file).replace("\n", "\r\n"));
        assertEquals(expected, Predictions.read(file));
        Files.writeString(file, Files.readString(file).strip());
        assertEquals(expected, Predictions.read(file));
    }

    @Test
    void noPredictionsAreAHeaderAlone() {
        Predictions.write(file, List.of());
        assertEquals(List.of(), Predictions.read(file));
    }

    @Test
    void damagedRowsAreNamed() throws IOException {
        String header = "split,image,label,predicted,probability,labelProbability,zeroShotPredicted\n";
        String row = "base,i,l,p,0.5,0.5,z\n";
        String advice =
                " is not split,image,label,predicted,probability,labelProbability,zeroShotPredicted. The file was"
                        + " changed or damaged; restore it, or train the run anew.";
        record Case(String content, int row) {}
        List<Case> cases = List.of(
                new Case("", 1),
                new Case("a,b\n", 1),
                new Case(header + row + "base,i,l\n", 3),
                new Case(header + row + row + "base,i,l,p,high,0.5,z\n", 4));
        for (Case damaged : cases) {
            Files.writeString(file, damaged.content());
            assertEquals(
                    file + ": row " + damaged.row() + advice,
                    assertThrows(InvalidInputException.class, () -> Predictions.read(file))
                            .getMessage());
        }
    }
}
