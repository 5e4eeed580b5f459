package dev.metaprompt.report;

import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.RunRecord;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Some test images with what was predicted: the surest mistakes first, then the surest hits of as many classes. */
final class Samples {
    private static final int EACH = 8;

    private Samples() {}

    static void append(Html html, RunRecord record, List<Prediction> predictions) {
        if (predictions.isEmpty()) {
            return;
        }
        Thumbnails thumbnails = Thumbnails.of(record);
        html.heading("Sample predictions");
        group(html, thumbnails, "Wrong, with the highest probability", sorted(predictions, false));
        group(html, thumbnails, "Right, with the highest probability, one a class", sorted(predictions, true));
        html.raw("<p class=\"soft\">Pictures are shown where the data set is still where the run found it.</p>");
    }

    private static List<Prediction> sorted(List<Prediction> predictions, boolean right) {
        Map<String, Prediction> first = new LinkedHashMap<>();
        predictions.stream()
                .filter(p -> p.predicted().equals(p.label()) == right)
                .sorted(Comparator.comparingDouble((Prediction p) -> -p.probability())
                        .thenComparing(Prediction::image))
                .forEach(p -> first.putIfAbsent(right ? p.label() : p.image(), p));
        return first.values().stream().limit(EACH).toList();
    }

    private static void group(Html html, Thumbnails thumbnails, String title, List<Prediction> predictions) {
        if (predictions.isEmpty()) {
            return;
        }
        html.paragraph(title + ":").raw("<div class=\"samples\">");
        for (Prediction p : predictions) {
            Optional<String> picture = thumbnails.dataUri(p.image());
            String image =
                    picture.map(uri -> "<img alt=\"\" src=\"" + uri + "\"/>").orElse("");
            String verdict = p.predicted().equals(p.label()) ? p.label() : p.label() + " taken for " + p.predicted();
            html.raw("<figure>" + image + "<b>" + Html.escape(verdict) + "</b><br/>"
                    + Html.escape(String.format(java.util.Locale.ROOT, "%.0f %%", 100 * p.probability()))
                    + "<br/><span class=\"soft\">" + Html.escape(p.image()) + "</span></figure>");
        }
        html.raw("</div>");
    }
}
