package dev.metaprompt.gate;

import dev.metaprompt.RandomStream;
import dev.metaprompt.gate.Baseline.Entry;
import dev.metaprompt.gate.Baseline.SeedScores;
import dev.metaprompt.gate.Verdict.Comparison;
import dev.metaprompt.statistics.Bound;
import dev.metaprompt.statistics.Drop;
import dev.metaprompt.statistics.PairedBootstrap;
import dev.metaprompt.statistics.PairedSplit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Compares a configuration's runs with the baseline's of the same seeds and images. */
final class Comparer {
    /** The probability for which the smallest drop that would have been seen is told. */
    static final double POWER = 0.8;

    private static final int[] SEEDS = {3, 5, 10};
    /** Fixed, so that the same runs get the same verdict. */
    private static final long BOOTSTRAP_SEED = 0;

    private final String baselineName;
    private final GateOptions options;

    Comparer(String baselineName, GateOptions options) {
        this.baselineName = baselineName;
        this.options = options;
    }

    /** Adds to {@code reasons} why nothing can be compared, and to {@code notes} what is left out of the comparison. */
    Optional<Comparison> compare(Entry current, Entry baseline, List<String> reasons, List<String> notes) {
        if (!current.base().equals(baseline.base()) || !current.newClasses().equals(baseline.newClasses())) {
            reasons.add("the test images are not those of the baseline " + baselineName + " ("
                    + current.base().count() + " base images here, "
                    + baseline.base().count() + " there). Evaluate on the same data, or accept these with"
                    + " -Dmetaprompt.check.update");
            return Optional.empty();
        }
        List<Long> seeds = new ArrayList<>(current.bySeed().keySet());
        seeds.retainAll(baseline.bySeed().keySet());
        if (seeds.isEmpty()) {
            reasons.add("has seeds " + list(current.bySeed().keySet()) + ", the baseline " + baselineName + " seeds "
                    + list(baseline.bySeed().keySet())
                    + ": runs are compared seed by seed. Train one of the baseline's seeds (-Dseed)");
            return Optional.empty();
        }
        Comparison comparison = comparison(current, baseline, seeds);
        noteSeeds(current, baseline, seeds, notes);
        if (comparison.codes().size() > 1) {
            notes.add("the baseline joins runs of different code: " + Codes.listed(comparison.codes()));
        }
        return Optional.of(comparison);
    }

    private Comparison comparison(Entry current, Entry baseline, List<Long> seeds) {
        List<PairedSplit> splits = new ArrayList<>();
        splits.add(split(current.base().count(), current, baseline, seeds, SeedScores::base));
        int newImages = current.newClasses().map(TestImages::count).orElse(0);
        if (newImages > 0) {
            splits.add(split(
                    newImages,
                    current,
                    baseline,
                    seeds,
                    scores -> scores.newClasses().orElseThrow()));
        }
        Drop drop = PairedBootstrap.drop(splits, RandomStream.of(BOOTSTRAP_SEED, "gate"));
        double mean = seeds.stream()
                .mapToDouble(seed ->
                        Baseline.figures(baseline, baseline.bySeed().get(seed)).compared())
                .average()
                .orElseThrow();
        return new Comparison(
                newImages > 0 ? "H" : "base",
                mean,
                drop,
                seeds,
                current.base().count(),
                newImages,
                new Bound(options.confidence(), false),
                Codes.of(baseline, seeds));
    }

    private static PairedSplit split(
            int images, Entry current, Entry baseline, List<Long> seeds, Function<SeedScores, BitSet> correct) {
        return new PairedSplit(
                images,
                seeds.stream().map(baseline.bySeed()::get).map(correct).toList(),
                seeds.stream().map(current.bySeed()::get).map(correct).toList());
    }

    private static void noteSeeds(Entry current, Entry baseline, List<Long> seeds, List<String> notes) {
        List<Long> onlyHere = new ArrayList<>(current.bySeed().keySet());
        onlyHere.removeAll(seeds);
        List<Long> onlyThere = new ArrayList<>(baseline.bySeed().keySet());
        onlyThere.removeAll(seeds);
        if (!onlyHere.isEmpty() || !onlyThere.isEmpty()) {
            notes.add("compared over seeds " + list(seeds)
                    + (onlyHere.isEmpty() ? "" : "; the baseline lacks " + list(onlyHere))
                    + (onlyThere.isEmpty() ? "" : "; not run here: " + list(onlyThere)));
        }
        if (seeds.size() == 1) {
            notes.add("one seed: the interval is that of other test images only; the spread over seeds, often larger,"
                    + " is unknown, so alarms are more frequent than check.confidence says");
        }
    }

    /** Adds to {@code reasons} that the runs fail, if a drop larger than allowed is shown. */
    void judge(Comparison comparison, int configurations, List<String> reasons) {
        Drop drop = comparison.drop();
        double bound = comparison.lowerBound();
        if (!(bound > options.tolerance())) {
            return;
        }
        double halfWidth = comparison.halfWidth();
        String family = configurations == 1
                ? ""
                : " (" + Points.percent(options.confidence()) + " over " + configurations + " configurations)";
        String[] apart = Points.apart(bound, options.tolerance());
        reasons.add(comparison.figure() + " fell by " + Points.of(drop.estimate()) + " points from "
                + Points.of(comparison.baseline()) + " in " + baselineName + ", by at least " + apart[0] + " at "
                + Points.percent(comparison.bound().confidence()) + " one-sided confidence" + family
                + "; check.tolerance allows " + apart[1]
                + ". Change " + Points.signed(-drop.estimate() - halfWidth) + " to "
                + Points.signed(-drop.estimate() + halfWidth) + " ("
                + Points.percent(2 * comparison.bound().confidence() - 1) + " interval), n = " + drop.seeds()
                + (drop.seeds() == 1 ? " seed (" : " seeds (")
                + list(comparison.seeds()) + "), " + comparison.baseImages() + " base"
                + (comparison.newImages() > 0 ? " and " + comparison.newImages() + " new" : "") + " images");
    }

    /** Says what drop the comparison would have seen, and what more seeds would see. */
    String sight(Comparison comparison) {
        Drop drop = comparison.drop();
        StringBuilder text = new StringBuilder("a true drop of ")
                .append(Points.of(detectable(drop, comparison.bound())))
                .append(" points would have been seen with probability ")
                .append(POWER);
        String more = "";
        for (int seeds : SEEDS) {
            if (drop.seeds() > 1 && seeds > drop.seeds()) {
                text.append(more.isEmpty() ? "; with " : ", with ")
                        .append(String.format(Locale.ROOT, "%d seeds ", seeds))
                        .append(Points.of(detectable(drop.withSeeds(seeds), comparison.bound())));
                more = ",";
            }
        }
        return text.append(drop.seeds() == 1 ? " if seeds had no spread; two seeds or more would tell it" : "")
                .toString();
    }

    private double detectable(Drop drop, Bound bound) {
        return bound.detectable(drop, options.tolerance(), POWER);
    }

    private static String list(Collection<Long> seeds) {
        return String.join(", ", seeds.stream().map(String::valueOf).toList());
    }
}
