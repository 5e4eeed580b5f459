package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.run.Csv;
import dev.metaprompt.run.Predictions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code predictions.csv}. */
class PredictionsFuzzTest extends FuzzTest {
    private static final String HEADER = "split,image,label,predicted,probability,labelProbability,zeroShotPredicted\n";
    private static final List<String> FIELDS = List.of(
            "base", "new", "", "a,b", "\"", "a\nb", "\r", "0.5", "1e-300", "NaN", "0x1p3", "1d", " 1 ", "١", "\u0000",
            "=1", "'=1", "-x");

    @Override
    String fileName() {
        return "predictions.csv";
    }

    @Override
    List<byte[]> seeds() {
        String row = "base,a/1.jpg,a,b,0.5,0.25,a\n";
        return List.of(
                (HEADER + row + row.replace("base", "new")).getBytes(StandardCharsets.UTF_8),
                (HEADER + "base,\"a, \"\"b\"\"/1.jpg\",\"a\r\nb\",b,1.0E-5,0,a").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        StringBuilder text = new StringBuilder(HEADER);
        int rows = random.nextInt(20);
        for (int i = 0; i < rows; i++) {
            List<String> row = new ArrayList<>();
            int fields = random.nextInt(8) == 0 ? random.nextInt(10) : 7;
            for (int f = 0; f < fields; f++) {
                boolean number = (f == 4 || f == 5) && random.nextInt(20) > 0;
                row.add(number ? String.valueOf(random.nextDouble()) : FIELDS.get(random.nextInt(FIELDS.size())));
            }
            text.append(Csv.line(row));
        }
        return Optional.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void read(Path file) {
        Predictions.read(file);
    }
}
