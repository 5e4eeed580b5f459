package dev.metaprompt.gate;

import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.CodeVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a gate found. */
public final class GateResult {
    private final GateOptions options;
    private final Optional<String> baseline;
    private final List<Verdict> verdicts;
    private final List<Unchecked> unchecked;
    private final List<String> leftOut;

    /**
     * A configuration of the baseline that has no runs.
     *
     * @param label as {@link Verdict#label}
     * @param reason what that means and what to do
     */
    record Unchecked(String label, String reason) {}

    GateResult(
            GateOptions options,
            Optional<String> baseline,
            List<Verdict> verdicts,
            List<Unchecked> unchecked,
            List<String> leftOut) {
        this.options = options;
        this.baseline = baseline;
        this.verdicts = List.copyOf(verdicts);
        this.unchecked = List.copyOf(unchecked);
        this.leftOut = List.copyOf(leftOut);
    }

    GateOptions options() {
        return options;
    }

    Optional<String> baseline() {
        return baseline;
    }

    List<Verdict> verdicts() {
        return verdicts;
    }

    List<Unchecked> unchecked() {
        return unchecked;
    }

    List<String> leftOut() {
        return leftOut;
    }

    /**
     * Tells whether all is well.
     *
     * @return whether every configuration passes
     */
    public boolean passed() {
        return failed().isEmpty();
    }

    /**
     * Returns which configurations fail.
     *
     * @return their names in the table; empty if all is well
     */
    public List<String> failed() {
        return Stream.concat(
                        verdicts.stream().filter(v -> !v.passed()).map(Verdict::label),
                        unchecked.stream().map(Unchecked::label))
                .toList();
    }

    /**
     * Returns how many configurations were judged.
     *
     * @return those with runs and those that lack them
     */
    public int configurations() {
        return verdicts.size() + unchecked.size();
    }

    /**
     * Returns the table and what there is to say of it.
     *
     * @return lines without line ends
     */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(GateTable.lines(this));
        lines.add("");
        for (Verdict verdict : verdicts) {
            String ids = String.join(
                    ", ",
                    verdict.runs().bySeed().values().stream()
                            .map(run -> run.record().id())
                            .toList());
            verdict.reasons()
                    .forEach(reason -> lines.add("FAILED " + verdict.label() + ": " + reason + ". Runs: " + ids + "."));
        }
        unchecked.forEach(each -> lines.add("FAILED " + each.label() + ": " + each.reason() + "."));
        verdicts.forEach(verdict -> verdict.notes().forEach(note -> lines.add(verdict.label() + ": " + note + ".")));
        lines.addAll(family());
        lines.addAll(codes());
        leftOut.forEach(run -> lines.add("left out: " + run));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    private List<String> family() {
        long compared =
                verdicts.stream().filter(v -> v.comparison().isPresent()).count();
        return compared < 2
                ? List.of()
                : List.of("the confidence of " + Points.percent(options.confidence()) + " is that of the " + compared
                        + " compared configurations together (Holm), so each one's own, that of ±, is higher.");
    }

    /** One line where all configurations are of one code. */
    private List<String> codes() {
        Map<String, List<String>> labels = new LinkedHashMap<>();
        verdicts.forEach(verdict ->
                labels.computeIfAbsent(code(verdict), text -> new ArrayList<>()).add(verdict.label()));
        return labels.entrySet().stream()
                .map(entry -> (labels.size() == 1 ? "" : String.join(", ", entry.getValue()) + ": ") + entry.getKey())
                .toList();
    }

    private static String code(Verdict verdict) {
        Map<CodeVersion, List<Long>> codes = verdict.runs().byCode();
        boolean told = codes.keySet().stream().noneMatch(CodeVersion::isDirty)
                || verdict.runs().bySeed().size() == 1;
        return "computed by " + Codes.listed(codes)
                + verdict.comparison()
                        .map(c -> "; the baseline by " + Codes.listed(c.codes()))
                        .orElse("")
                + (told ? "." : "; where changes are not committed, nothing tells whether all seeds saw the same.");
    }

    /**
     * Writes the result for programs.
     *
     * @param json every figure, bound, interval and reason
     * @param junit a test case a configuration in JUnit's XML, as CI pages show it
     * @throws dev.metaprompt.InvalidInputException if one cannot be written
     */
    public void write(Path json, Path junit) {
        AtomicFiles.writeText(json, GateJson.write(this));
        AtomicFiles.writeText(junit, JunitXml.write(this));
    }
}
