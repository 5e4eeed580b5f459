package dev.metaprompt.gate;

import dev.metaprompt.gate.Baseline.Entry;
import dev.metaprompt.gate.GateResult.Unchecked;
import dev.metaprompt.gate.Verdict.Comparison;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.run.SeedRuns;
import dev.metaprompt.statistics.Bound;
import dev.metaprompt.statistics.Drop;
import dev.metaprompt.statistics.HarmonicMean;
import dev.metaprompt.statistics.HolmBounds;
import dev.metaprompt.statistics.Summary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Judges runs by floors and by a baseline. */
public final class Gate {
    private final GateOptions options;

    /**
     * Creates a gate.
     *
     * @param options what is demanded
     */
    public Gate(GateOptions options) {
        this.options = options;
    }

    /**
     * Judges runs.
     *
     * @param runs the runs
     * @param source where the baseline comes from; empty to judge by floors alone
     * @return the verdicts
     * @throws dev.metaprompt.InvalidInputException if the baseline or predictions cannot be read
     */
    public GateResult judge(GateRuns runs, Optional<BaselineSource> source) {
        List<RunSetting> settings =
                runs.groups().stream().map(SeedRuns::setting).toList();
        Optional<Baseline> baseline = source.map(s -> s.read(new LinkedHashSet<>(settings)));
        List<RunSetting> unchecked = new ArrayList<>();
        if (runs.all()) {
            baseline.ifPresent(b -> b.entries().stream().map(Entry::setting).forEach(unchecked::add));
            unchecked.removeIf(setting -> settings.stream().anyMatch(setting::agreesWith));
        }
        List<RunSetting> named = new ArrayList<>(settings);
        named.addAll(unchecked);
        Map<RunSetting, String> labels = Labels.of(named);
        Optional<Comparer> comparer = source.map(from -> new Comparer(from.name(), options));
        List<Draft> drafts = new ArrayList<>();
        for (SeedRuns group : runs.groups()) {
            Draft draft = new Draft(group, labels.get(group.setting()));
            runs.mixed(group.setting())
                    .ifPresent(mixed -> Codes.judge(mixed, group, runs.rule(), draft.reasons, draft.notes));
            comparer.ifPresent(c -> compare(draft, c, source.get().name(), baseline.get()));
            drafts.add(draft);
        }
        comparer.ifPresent(c -> judge(drafts, c));
        List<Verdict> verdicts = drafts.stream().map(this::verdict).toList();
        List<Unchecked> missing = unchecked.stream()
                .map(setting -> new Unchecked(
                        labels.get(setting),
                        "is in the baseline " + source.orElseThrow().name()
                                + ", but there are no finished runs of it. Train it, choose runs by check.runs, or"
                                + " write the baseline anew with -Dmetaprompt.check.update"))
                .toList();
        return new GateResult(options, source.map(BaselineSource::name), verdicts, missing, runs.leftOut());
    }

    /** A configuration on its way to a verdict. */
    private static final class Draft {
        private final SeedRuns group;
        private final String label;
        private final Entry current;
        private Optional<Comparison> comparison = Optional.empty();
        private final List<String> reasons = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        Draft(SeedRuns group, String label) {
            this.group = group;
            this.label = label;
            this.current = Baseline.entry(group);
        }
    }

    private static void compare(Draft draft, Comparer comparer, String name, Baseline baseline) {
        RunSetting setting = draft.group.setting();
        Optional<Entry> entry = BaselineMatch.find(baseline, setting);
        if (entry.isPresent()) {
            noteTrust(draft.group, entry.get(), name, draft.notes);
            draft.comparison = comparer.compare(draft.current, entry.get(), draft.reasons, draft.notes);
        } else {
            draft.reasons.add(BaselineMatch.refusal(baseline, name, draft.group));
        }
    }

    /** All that are compared are one family: the confidence is that of the whole verdict. */
    private void judge(List<Draft> drafts, Comparer comparer) {
        List<Draft> compared =
                drafts.stream().filter(draft -> draft.comparison.isPresent()).toList();
        List<Drop> drops =
                compared.stream().map(draft -> draft.comparison.get().drop()).toList();
        List<Bound> bounds = HolmBounds.of(drops, options.tolerance(), options.confidence());
        for (int i = 0; i < compared.size(); i++) {
            Draft draft = compared.get(i);
            Comparison judged = draft.comparison.get().at(bounds.get(i));
            draft.comparison = Optional.of(judged);
            comparer.judge(judged, compared.size(), draft.reasons);
            draft.notes.add(comparer.sight(judged));
        }
    }

    private Verdict verdict(Draft draft) {
        SeedRuns group = draft.group;
        Summary base = summary(group, r -> OptionalDouble.of(r.base())).orElseThrow();
        Optional<Summary> newClasses = summary(group, Results::newClasses);
        Optional<Summary> harmonicMean = summary(group, Results::harmonicMean);
        OptionalDouble ofMeans = newClasses.isPresent()
                ? OptionalDouble.of(
                        HarmonicMean.of(base.mean(), newClasses.get().mean()))
                : OptionalDouble.empty();
        List<String> reasons = new ArrayList<>();
        int baseImages = draft.current.base().count();
        int newImages = draft.current.newClasses().map(TestImages::count).orElse(0);
        floor("base", "check.minBase", Optional.of(base), options.minBase(), baseImages, reasons);
        floor("new", "check.minNew", newClasses, options.minNew(), newImages, reasons);
        floor("H", "check.minHarmonicMean", harmonicMean, options.minHarmonicMean(), baseImages + newImages, reasons);
        reasons.addAll(draft.reasons);
        List<String> notes = new ArrayList<>();
        noteHarmonicMean(harmonicMean, ofMeans, notes);
        notes.addAll(draft.notes);
        return new Verdict(
                draft.label, group, base, newClasses, harmonicMean, ofMeans, draft.comparison, reasons, notes);
    }

    private static void noteTrust(SeedRuns group, Entry baseline, String name, List<String> notes) {
        boolean unknown = baseline.setting().data().testContent().isEmpty();
        if (unknown || group.onTrust() > 0) {
            notes.add("what test images hold was not recorded by the version that "
                    + (unknown ? "wrote the baseline " + name : "trained the runs")
                    + "; that they are the same is taken on trust");
        }
    }

    private static Optional<Summary> summary(SeedRuns group, Function<Results, OptionalDouble> figure) {
        List<Double> values = new ArrayList<>();
        for (SeedRuns.Finished run : group.bySeed().values()) {
            figure.apply(run.results()).ifPresent(values::add);
        }
        return values.size() < group.bySeed().size() ? Optional.empty() : Optional.of(Summary.of(values));
    }

    private static void floor(
            String figure,
            String key,
            Optional<Summary> value,
            OptionalDouble floor,
            int images,
            List<String> reasons) {
        if (floor.isEmpty()) {
            return;
        }
        if (value.isEmpty()) {
            reasons.add(key + " is " + Points.of(floor) + ", but the dataset has no new classes and so no " + figure
                    + ". Use check.minBase");
            return;
        }
        Summary summary = value.get();
        if (summary.mean() < floor.getAsDouble()) {
            String[] apart = Points.apart(summary.mean(), floor.getAsDouble());
            String interval = summary.halfWidth().isPresent()
                    ? ", 95 % interval " + Points.of(summary.low().getAsDouble()) + " to "
                            + Points.of(summary.high().getAsDouble())
                    : "";
            reasons.add(figure + " " + apart[0] + " is below " + key + " " + apart[1] + ". n = " + summary.count()
                    + (summary.count() == 1 ? " seed, " : " seeds, ") + images + " images" + interval);
        }
    }

    private static void noteHarmonicMean(Optional<Summary> mean, OptionalDouble ofMeans, List<String> notes) {
        if (mean.isPresent() && !Points.of(mean.get().mean()).equals(Points.of(ofMeans))) {
            notes.add("H " + Points.of(mean.get().mean()) + " is the mean of the seeds' H; of the mean base and the"
                    + " mean new accuracy it is " + Points.of(ofMeans));
        }
    }
}
