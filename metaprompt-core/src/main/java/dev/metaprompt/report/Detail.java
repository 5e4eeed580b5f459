package dev.metaprompt.report;

import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.statistics.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is shown of the runs of one setting, be it one run or one for each of several seeds. */
final class Detail {
    /** Mistakes named where there are too many classes for a map. */
    private static final int MISTAKES = 20;

    private final Html html;
    private final RunFiles files;
    private final List<RunDirectory> runs;
    private final RunRecord first;
    private final List<Results> results;
    private final List<List<Prediction>> predictions;

    /**
     * Reads the predictions.
     *
     * @param runs runs that differ in their seed alone
     * @param first the record of the first of them
     * @param results their results; empty where a run has none
     */
    Detail(Html html, RunFiles files, List<RunDirectory> runs, RunRecord first, List<Results> results) {
        this.html = html;
        this.files = files;
        this.runs = runs;
        this.first = first;
        this.results = results;
        this.predictions = runs.stream().map(files::predictions).toList();
    }

    /** Appends all parts; {@code samples} is how many sample predictions are wanted. */
    void append(int samples) {
        epochs();
        classes();
        losses();
        calibration();
        if (samples > 0 && !predictions.get(0).isEmpty()) {
            html.subheading("Sample predictions" + (runs.size() == 1 ? "" : " of " + first.id()));
            Samples.append(html, Thumbnails.of(first, files.pictures()), predictions.get(0), samples);
        }
    }

    private String band() {
        return runs.size() == 1 ? "" : " Lines are means over " + runs.size() + " seeds, bands one standard deviation.";
    }

    private void epochs() {
        String charts = Curves.accuracies(files.lines(runs, RunDirectory.EPOCHS));
        if (!charts.isEmpty()) {
            html.subheading("Accuracy and gap over epochs").charts(charts);
            html.soft("Epoch −1 is before training. Accuracies per epoch are on test images of the base classes; those"
                    + " on new classes are for diagnosis only and choose nothing." + band());
        }
    }

    private void losses() {
        String charts = Curves.losses(files.lines(runs, RunDirectory.METRICS));
        if (!charts.isEmpty()) {
            html.subheading("Loss and learning rate").charts(charts);
            if (runs.size() > 1) {
                html.soft(band().strip());
            }
        }
    }

    private List<Prediction> pooled() {
        List<Prediction> all = new ArrayList<>();
        predictions.forEach(all::addAll);
        return all;
    }

    private void classes() {
        List<Prediction> all = pooled();
        if (!results.isEmpty() && !results.get(0).perClass().isEmpty()) {
            html.subheading("Classes");
            Classes.of(results, first.dataset().base()).append(html, all, Figures.stronger(results.get(0)));
        }
        List<ConfusionMap> maps = Stream.of("base", "new")
                .map(split -> confusion(all, split))
                .flatMap(Optional::stream)
                .toList();
        if (!maps.isEmpty()) {
            html.subheading("Confusion");
            html.charts(maps.stream()
                    .filter(map -> map.classes().size() <= ConfusionMap.MOST_CLASSES)
                    .map(ConfusionMap::svg)
                    .collect(Collectors.joining()));
            maps.stream()
                    .filter(map -> map.classes().size() > ConfusionMap.MOST_CLASSES)
                    .forEach(this::mistakes);
            html.soft("Rows are true classes, columns predicted ones"
                    + (runs.size() == 1 ? "." : "; counts over " + runs.size() + " seeds."));
        }
    }

    private void mistakes(ConfusionMap map) {
        List<List<String>> rows = map.mistakes().stream()
                .limit(MISTAKES)
                .map(m -> List.of(m.label(), m.predicted(), Integer.toString(m.count())))
                .toList();
        html.paragraph(map.title() + ", the " + rows.size() + " most frequent of "
                + map.mistakes().size() + " kinds of mistakes among "
                + map.classes().size() + " classes:");
        html.table(map.title(), List.of("class", "taken for", "images"), rows, 2);
    }

    private Optional<ConfusionMap> confusion(List<Prediction> all, String split) {
        List<Prediction> half = Calibration.half(all, split);
        List<String> classes =
                split.equals("base") ? first.dataset().base() : first.dataset().newClasses();
        return half.isEmpty()
                ? Optional.empty()
                : Optional.of(ConfusionMap.of("Confusion of " + split + " classes", classes, half));
    }

    private void calibration() {
        List<Prediction> all = pooled();
        if (all.isEmpty()) {
            return;
        }
        html.subheading("Calibration").charts(reliability(all, "base") + reliability(all, "new"));
        // No figure over both halves: errors of opposite sign in one bin would cancel.
        html.soft("Bars are the share of correct predictions in " + Calibration.BINS
                + " bins of equal width, the dashed line is perfect calibration; ECE is the expected calibration error"
                + (runs.size() == 1 ? "." : " of the predictions of " + runs.size() + " seeds together."));
    }

    private static String reliability(List<Prediction> all, String split) {
        List<Prediction> half = Calibration.half(all, split);
        return half.isEmpty()
                ? ""
                : ReliabilityDiagram.svg(
                        "Reliability, " + split + " classes: ECE " + Shown.one(Calibration.percent(half)) + " %",
                        Calibration.of(half));
    }
}
