package dev.metaprompt.report;

import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is shown of the runs of one setting, be it one run or one for each of several seeds. */
final class Detail {
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
            Samples.append(html, first, predictions.get(0), samples);
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
        String maps = confusion(all, "base", first.dataset().base())
                + confusion(all, "new", first.dataset().newClasses());
        if (!maps.isEmpty()) {
            html.subheading("Confusion").charts(maps);
            html.soft("Rows are true classes, columns predicted ones"
                    + (runs.size() == 1 ? "." : "; counts over " + runs.size() + " seeds."));
        }
    }

    private static String confusion(List<Prediction> all, String split, List<String> classes) {
        List<Prediction> half = Calibration.half(all, split);
        return half.isEmpty()
                ? ""
                : ConfusionMap.of("Confusion of " + split + " classes", classes, half)
                        .svg();
    }

    private void calibration() {
        List<Prediction> all = pooled();
        if (all.isEmpty()) {
            return;
        }
        html.subheading("Calibration").charts(reliability(all, "base") + reliability(all, "new"));
        html.soft(String.format(
                Locale.ROOT,
                "Bars are the share of correct predictions in %d bins of equal width, the dashed line is perfect"
                        + " calibration. Expected calibration error of all %d predictions: %.1f percent.",
                Calibration.BINS,
                all.size(),
                Calibration.percent(all).orElseThrow()));
    }

    private static String reliability(List<Prediction> all, String split) {
        List<Prediction> half = Calibration.half(all, split);
        return half.isEmpty()
                ? ""
                : ReliabilityDiagram.svg(
                        "Reliability, " + split + " classes: ECE " + Figures.one(Calibration.percent(half)) + " %",
                        Calibration.of(half));
    }
}
