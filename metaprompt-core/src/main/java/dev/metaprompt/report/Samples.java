package dev.metaprompt.report;

import dev.metaprompt.run.Prediction;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Some test images with what was predicted: the surest mistakes first, then the surest hits of as many classes. */
final class Samples {
    /** How many pictures a page may hold. */
    static final int MOST = 16;

    private Samples() {}

    /**
     * Appends samples of one run; nothing where it has no predictions.
     *
     * @param count how many in all, even
     */
    static void append(Html html, Thumbnails thumbnails, List<Prediction> predictions, int count) {
        if (predictions.isEmpty()) {
            return;
        }
        group(html, thumbnails, "Wrong, the highest probability first:", sorted(predictions, false, count / 2));
        group(
                html,
                thumbnails,
                "Right, the highest probability first, one a class:",
                sorted(predictions, true, count / 2));
        html.soft("Pictures are shown where the data set is still where the run found it, and that is a place that this"
                + " machine's own options name: below the project, cache, dataset or dataset.root.");
    }

    private static List<Prediction> sorted(List<Prediction> predictions, boolean isRight, int count) {
        Map<String, Prediction> first = new LinkedHashMap<>();
        predictions.stream()
                .filter(p -> p.predicted().equals(p.label()) == isRight)
                .sorted(Comparator.comparingDouble((Prediction p) -> -p.probability())
                        .thenComparing(Prediction::image))
                .forEach(p -> first.putIfAbsent(isRight ? p.label() : p.image(), p));
        return first.values().stream().limit(count).toList();
    }

    private static void group(Html html, Thumbnails thumbnails, String title, List<Prediction> predictions) {
        if (predictions.isEmpty()) {
            return;
        }
        html.paragraph(title).raw("<div class=\"samples\">");
        predictions.forEach(p -> figure(html, thumbnails, p));
        html.raw("</div>");
    }

    private static void figure(Html html, Thumbnails thumbnails, Prediction p) {
        Optional<String> picture = thumbnails.dataUri(p.image());
        String image = picture.map(
                        uri -> "<img alt=\"an image of " + Html.escape(p.label()) + "\" src=\"" + uri + "\"/>")
                .orElse("");
        String verdict = p.predicted().equals(p.label()) ? p.label() : p.label() + " taken for " + p.predicted();
        html.raw("<figure>" + image + "<figcaption><b>" + Html.escape(verdict) + "</b><br/>"
                + String.format(Locale.ROOT, "%.1f %%", 100 * p.probability()) + "<br/>"
                + Html.escape(p.image()) + "</figcaption></figure>");
    }
}
