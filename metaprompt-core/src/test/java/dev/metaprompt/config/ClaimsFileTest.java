package dev.metaprompt.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Claim;
import dev.metaprompt.experiment.Matrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsFileTest {
    private static final String VALID = """
            claims:
              - id: one
                sentence: A is above B.
                source: here
                experiment: paper
                first: {variant: a}
                second: {variant: b}
                figure: harmonicMean
                expect: greater
                margin: 2
            """;

    @TempDir
    Path folder;

    private List<Claim> read(String text) throws IOException {
        return ClaimsFile.read(Files.writeString(folder.resolve("c.yaml"), text), "c.yaml");
    }

    @Test
    void aClaimIsRead() throws IOException {
        Claim claim = read(VALID).get(0);
        assertEquals("one", claim.id());
        assertEquals(Map.of("variant", "a"), claim.first());
        assertEquals(claim.figure(), claim.secondFigure());
        assertEquals(2, claim.margin());
        assertEquals("c.yaml line 2", claim.origin());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "expect: greater; expect: more; c.yaml line 9: expect is \"more\"",
                "figure: harmonicMean; figure: h; c.yaml line 8: figure is \"h\"",
                "margin: 2; margin: -1; c.yaml line 10: margin is \"-1\"",
                "margin: 2; margin: wide; c.yaml line 10: margin is \"wide\"",
                "source: here; sauce: here; c.yaml line 4: sauce is unknown",
                "source: here; source: []; c.yaml line 4: source is a list",
                "claims:; assertions:; c.yaml: is no list of claims",
            })
    void whatIsWrongIsNamedWithFileLineAndKey(String right, String wrong, String expected) {
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> read(VALID.replace(right, wrong)));
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    @Test
    void thePapersClaimsAreAboutGroupsOfTheMatricesTheyName() {
        List<Claim> claims = ClaimsFile.builtIn();
        assertTrue(claims.size() >= 8);
        for (Claim claim : claims) {
            Matrix matrix = BuiltInMatrices.open(claim.experiment(), "test");
            for (Map<String, String> side : List.of(claim.first(), claim.second())) {
                assertTrue(
                        matrix.points().stream()
                                .anyMatch(
                                        point -> point.coordinates().entrySet().containsAll(side.entrySet())),
                        claim.id() + " " + side);
            }
        }
    }
}
