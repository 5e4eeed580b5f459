package dev.metaprompt.gate;

import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.SeedRuns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says which code computed what. */
final class Codes {
    private static final int SHOWN = 4;

    private Codes() {}

    /** Returns the seeds of each code. */
    static Map<CodeVersion, List<Long>> of(Baseline.Entry entry, Collection<Long> seeds) {
        Map<CodeVersion, List<Long>> byCode = new LinkedHashMap<>();
        seeds.forEach(seed -> byCode.computeIfAbsent(entry.bySeed().get(seed).code(), code -> new ArrayList<>())
                .add(seed));
        return byCode;
    }

    /** Names codes, and their seeds where there are several codes. */
    static String listed(Map<CodeVersion, List<Long>> byCode) {
        if (byCode.size() == 1) {
            return byCode.keySet().iterator().next().brief();
        }
        String more = byCode.size() > SHOWN ? " and " + (byCode.size() - SHOWN) + " others" : "";
        return byCode.entrySet().stream()
                        .limit(SHOWN)
                        .map(entry -> entry.getKey().brief() + " (" + seeds(entry.getValue()) + ")")
                        .collect(Collectors.joining("; "))
                + more;
    }

    private static String seeds(List<Long> seeds) {
        return (seeds.size() == 1 ? "seed " : "seeds ")
                + seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /**
     * Says what becomes of a configuration whose newest runs are of different code.
     *
     * @param mixed the newest run of each seed
     * @param judged the runs that are judged
     * @param rule what is asked for
     */
    static void judge(SeedRuns mixed, SeedRuns judged, Mixed rule, List<String> reasons, List<String> notes) {
        String codes = listed(mixed.byCode());
        switch (rule) {
            case JOIN -> notes.add("joins runs of different code: " + codes);
            case NEWEST ->
                notes.add("of different code: " + codes + "; judged are the runs of "
                        + listed(judged.byCode()) + " alone ("
                        + seeds(List.copyOf(judged.bySeed().keySet()))
                        + "), the others are left out");
            case REFUSE ->
                reasons.add(
                        "the newest runs of its seeds are of different code: " + codes
                                + "; figures are those of " + listed(judged.byCode())
                                + " alone. Train the other seeds anew, choose"
                                + " runs by check.runs, or set -Dmetaprompt.check.mixed=newest (leaves the others out) or join");
        }
    }
}
