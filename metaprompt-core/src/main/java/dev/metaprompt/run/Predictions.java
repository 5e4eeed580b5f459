package dev.metaprompt.run;

import dev.metaprompt.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes {@code predictions.csv}. */
public final class Predictions {
    private static final List<String> HEADER =
            List.of("split", "image", "label", "predicted", "probability", "labelProbability", "zeroShotPredicted");

    private Predictions() {}

    /**
     * Writes a file in one piece.
     *
     * @param file its folder exists
     * @param predictions in the order they are written
     * @throws InvalidInputException if it cannot be written; the earlier file is then intact
     */
    public static void write(Path file, List<Prediction> predictions) {
        StringBuilder text = new StringBuilder(Csv.line(HEADER));
        for (Prediction p : predictions) {
            text.append(Csv.line(List.of(
                    p.split(),
                    p.image(),
                    p.label(),
                    p.predicted(),
                    Double.toString(p.probability()),
                    Double.toString(p.labelProbability()),
                    p.zeroShotPredicted())));
        }
        AtomicFiles.writeText(file, text.toString());
    }

    /**
     * Reads a file.
     *
     * @param file as {@link #write} writes it; line ends may be CRLF
     * @return in the file's order
     * @throws InvalidInputException if it is missing or not such a file
     */
    public static List<Prediction> read(Path file) {
        List<List<String>> rows = Csv.parse(Texts.read(file));
        if (rows.isEmpty() || !rows.get(0).equals(HEADER)) {
            throw damaged(file, 1);
        }
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 1; i < rows.size(); i++) {
            predictions.add(prediction(file, i + 1, rows.get(i)));
        }
        return predictions;
    }

    private static Prediction prediction(Path file, int number, List<String> row) {
        try {
            if (row.size() == HEADER.size()) {
                double probability = Double.parseDouble(row.get(4));
                double labelProbability = Double.parseDouble(row.get(5));
                return new Prediction(
                        row.get(0), row.get(1), row.get(2), row.get(3), probability, labelProbability, row.get(6));
            }
        } catch (NumberFormatException e) {
            throw damaged(file, number);
        }
        throw damaged(file, number);
    }

    private static InvalidInputException damaged(Path file, int number) {
        return new InvalidInputException(file + ": row " + number + " is not " + String.join(",", HEADER)
                + ". The file was changed or damaged; restore it, or train the run anew.");
    }
}
