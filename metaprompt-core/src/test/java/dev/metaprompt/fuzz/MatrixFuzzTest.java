package dev.metaprompt.fuzz;

import dev.metaprompt.config.ClaimsFile;
import dev.metaprompt.config.MatrixFile;
import dev.metaprompt.experiment.Matrix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A matrix of configurations, and a file of claims. */
class MatrixFuzzTest extends FuzzTest {
    private static final String MATRIX = """
            title: All there is
            vars: {rate: 0.004}
            settings:
              train: {learningRate: "${rate}", epochs: 3}
            axes:
              variant: {ours: {}, best: {method: coop, train.select: best-val}}
              way: [5, 10]
              seed: 1..3
            exclude:
              - {variant: best, way: [10]}
            compare: {reference: {variant: ours}, over: [seed]}
            """;
    private static final String CLAIMS = """
            claims:
              - {id: a, sentence: b, source: c, experiment: d, first: {x: 1}, second: {x: 2}, figure: base, expect: less}
            """;

    @Override
    String fileName() {
        return "m.yaml";
    }

    @Override
    List<byte[]> seeds() {
        return List.of(MATRIX.getBytes(StandardCharsets.UTF_8), CLAIMS.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void read(Path file) throws Exception {
        String begin = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (begin.startsWith("claim")) {
            ClaimsFile.read(file, "m.yaml");
            return;
        }
        Matrix matrix = MatrixFile.read(file, "m.yaml");
        if (matrix.size() <= 10_000) {
            matrix.points();
        }
    }
}
