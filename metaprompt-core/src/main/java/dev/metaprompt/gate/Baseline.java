package dev.metaprompt.gate;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunSetting;
import dev.metaprompt.run.SeedRuns;
import dev.metaprompt.statistics.HarmonicMean;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What runs are compared with: for each configuration and seed, which test images were right.
 *
 * @param entries one a configuration, in the order of {@link RunSetting#order()}
 */
public record Baseline(List<Entry> entries) {
    /** Copies the list. */
    public Baseline {
        entries = List.copyOf(entries);
    }

    /**
     * A configuration.
     *
     * @param setting what its runs share
     * @param base the test images of base classes
     * @param newClasses those of new classes, where there are any
     * @param bySeed what was right
     */
    record Entry(
            RunSetting setting, TestImages base, Optional<TestImages> newClasses, SortedMap<Long, SeedScores> bySeed) {
        Entry {
            bySeed = Collections.unmodifiableSortedMap(new TreeMap<>(bySeed));
        }
    }

    /**
     * What one run got right.
     *
     * @param run the run's id
     * @param base indices of the base images it got right
     * @param newClasses indices of the new images it got right, where there are any
     * @param code what computed it
     */
    record SeedScores(String run, BitSet base, Optional<BitSet> newClasses, CodeVersion code) {}

    /**
     * Makes a baseline of finished runs, such as those of a runs folder or those a server has kept: each needs
     * {@code run.json} and {@code predictions.csv} only.
     *
     * @param groups the runs
     * @return the baseline
     * @throws InvalidInputException if predictions are missing or contradict the record, or runs of one configuration
     *     were tested on different images
     */
    public static Baseline of(List<SeedRuns> groups) {
        return new Baseline(groups.stream().map(Baseline::entry).toList());
    }

    /**
     * Returns this baseline with what another one holds of other configurations.
     *
     * @param other for example what stood in the file before
     * @return a baseline of the configurations of both; where both have one, this one's
     */
    public Baseline and(Baseline other) {
        Map<RunSetting, Entry> all = new LinkedHashMap<>();
        other.entries.forEach(entry -> all.put(entry.setting(), entry));
        entries.forEach(entry -> all.put(entry.setting(), entry));
        return new Baseline(all.values().stream()
                .sorted(Comparator.comparing(Entry::setting, RunSetting.order()))
                .toList());
    }

    /**
     * Returns seeds that another baseline has of this one's configurations and this one lacks.
     *
     * @param other for example what stood in the file before
     * @return sorted
     */
    public SortedSet<Long> seedsOnlyOf(Baseline other) {
        SortedSet<Long> seeds = new TreeSet<>();
        for (Entry entry : entries) {
            BaselineMatch.find(other, entry.setting()).ifPresent(there -> {
                SortedSet<Long> gone = new TreeSet<>(there.bySeed().keySet());
                gone.removeAll(entry.bySeed().keySet());
                seeds.addAll(gone);
            });
        }
        return seeds;
    }

    static Entry entry(SeedRuns group) {
        SortedMap<Long, SeedScores> bySeed = new TreeMap<>();
        List<TestImages> bases = new ArrayList<>();
        List<TestImages> news = new ArrayList<>();
        group.bySeed().forEach((seed, run) -> {
            TestImages.Scored base =
                    TestImages.read(run.directory(), "base", run.results().base());
            bases.add(base.images());
            OptionalDouble accuracy = run.results().newClasses();
            Optional<BitSet> correct = Optional.empty();
            if (accuracy.isPresent()) {
                TestImages.Scored scored = TestImages.read(run.directory(), "new", accuracy.getAsDouble());
                news.add(scored.images());
                correct = Optional.of(scored.correct());
            }
            requireSame(bases, run);
            requireSame(news, run);
            bySeed.put(seed, new SeedScores(run.record().id(), base.correct(), correct, run.code()));
        });
        return new Entry(group.setting(), bases.get(0), news.stream().findFirst(), bySeed);
    }

    private static void requireSame(List<TestImages> images, SeedRuns.Finished run) {
        if (images.stream().distinct().count() > 1) {
            throw new InvalidInputException(run.directory().file(RunDirectory.PREDICTIONS)
                    + ": its test images are not those of the other seeds of the same configuration, so the seeds"
                    + " cannot be taken together. Train the seeds anew on the same data.");
        }
    }

    /** Returns the figures of a seed: base, new, H in percent. */
    static Figures figures(Entry entry, SeedScores scores) {
        double base = 100.0 * scores.base().cardinality() / entry.base().count();
        if (scores.newClasses().isEmpty()) {
            return new Figures(base, OptionalDouble.empty(), OptionalDouble.empty());
        }
        double ofNew = 100.0
                * scores.newClasses().get().cardinality()
                / entry.newClasses().orElseThrow().count();
        return new Figures(base, OptionalDouble.of(ofNew), OptionalDouble.of(HarmonicMean.of(base, ofNew)));
    }

    /** Figures of a seed, in percent. */
    record Figures(double base, OptionalDouble newClasses, OptionalDouble harmonicMean) {
        /** The figure that gates compare: H, or base accuracy without new classes. */
        double compared() {
            return harmonicMean.orElse(base);
        }
    }
}
