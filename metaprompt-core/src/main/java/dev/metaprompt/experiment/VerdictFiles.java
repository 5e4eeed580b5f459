package dev.metaprompt.experiment;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.metaprompt.TextTable;
import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.statistics.PairedTest;
import dev.metaprompt.statistics.Shown;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Writes verdicts: {@code claims.json} for programs, {@code claims.md} for people. */
public final class VerdictFiles {
    /** For programs. */
    public static final String JSON = "claims.json";
    /** For people. */
    public static final String MARKDOWN = "claims.md";
    /** How many columns of a table of verdicts, from the left, hold text. */
    public static final int TEXT_COLUMNS = 5;
    /** What a table of verdicts means. */
    public static final String NOTE =
            "A claim holds, or is refuted, where the 95 % interval of the paired difference lies wholly on the claimed, or"
                    + " on the other, side of its margin. p: two-sided paired t test; p adj.: adjusted for the number of"
                    + " claims (Holm); effect: mean difference over its standard deviation.";

    private static final String STUDENT = "paired t against the margin, two-sided";
    private static final String CLOSENESS = "two one-sided paired t against both margins, doubled";
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final List<String> HEADER =
            List.of("verdict", "claim", "source", "figure", "expected", "difference", "n", "p", "p adj.", "effect");

    private static final Set<Integer> TEXT = Set.of(0, 1, 2, 3, 4);

    private VerdictFiles() {}

    /**
     * Writes both files.
     *
     * @param folder the experiment's folder; exists
     * @param verdicts what to write
     */
    public static void write(Path folder, List<Verdict> verdicts) {
        AtomicFiles.writeText(folder.resolve(JSON), json(verdicts));
        AtomicFiles.writeText(
                folder.resolve(MARKDOWN),
                incomplete(verdicts).map(line -> line + ".\n\n").orElse("")
                        + new TextTable(HEADER, rows(verdicts), TEXT).markdown() + "\n" + NOTE + "\n");
    }

    /**
     * Returns what is to be said before any verdict where cells are missing.
     *
     * @param verdicts verdicts
     * @return a sentence without its full stop; nothing if all were judged on all their cells
     */
    public static Optional<String> incomplete(List<Verdict> verdicts) {
        long lack = verdicts.stream()
                .filter(verdict -> verdict.basis().note().isPresent())
                .count();
        return lack == 0
                ? Optional.empty()
                : Optional.of("Incomplete: " + lack + " of " + verdicts.size() + " claims "
                        + (lack == 1 ? "was" : "were") + " judged without some of "
                        + (lack == 1 ? "its" : "their") + " cells");
    }

    /**
     * Returns the header of the table for people.
     *
     * @return column names, the first {@link #TEXT_COLUMNS} over text
     */
    public static List<String> header() {
        return HEADER;
    }

    /**
     * Returns the rows of the table for people.
     *
     * @param verdicts verdicts
     * @return a row each
     */
    public static List<List<String>> rows(List<Verdict> verdicts) {
        return verdicts.stream().map(VerdictFiles::row).toList();
    }

    private static List<String> row(Verdict verdict) {
        PairedTest test = verdict.evidence().orElse(null);
        return List.of(
                verdict.kind().word()
                        + verdict.basis().note().map(note -> ", " + note).orElse(""),
                verdict.claim().sentence(),
                verdict.claim().source(),
                figures(verdict.claim()),
                expected(verdict.claim()),
                test == null ? Shown.ABSENT : SummaryFiles.signed(test.difference()),
                test == null ? "0" : String.valueOf(test.difference().count()),
                SummaryFiles.p(verdict.p()),
                SummaryFiles.p(verdict.adjusted()),
                test == null ? Shown.ABSENT : Shown.two(test.effect()));
    }

    private static String figures(Claim claim) {
        String first = claim.figure().word();
        String second = claim.secondFigure().word();
        return first.equals(second) ? first : first + " − " + second;
    }

    private static String expected(Claim claim) {
        String margin =
                new DecimalFormat("0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(claim.margin());
        String minus = claim.margin() == 0 ? "" : "−";
        return switch (claim.relation()) {
            case GREATER -> "> " + margin;
            case LESS -> "< " + minus + margin;
            case CLOSE -> "within ±" + margin;
        };
    }

    private static String json(List<Verdict> verdicts) {
        JsonArray all = new JsonArray();
        for (Verdict verdict : verdicts) {
            JsonObject json = new JsonObject();
            Claim claim = verdict.claim();
            json.addProperty("id", claim.id());
            json.addProperty("verdict", verdict.kind().word());
            json.addProperty("sentence", claim.sentence());
            json.addProperty("source", claim.source());
            json.add("first", GSON.toJsonTree(claim.first()));
            json.add("second", GSON.toJsonTree(claim.second()));
            json.addProperty("figure", claim.figure().word());
            json.addProperty("secondFigure", claim.secondFigure().word());
            json.addProperty("relation", claim.relation().name().toLowerCase(Locale.ROOT));
            json.addProperty("margin", claim.margin());
            json.addProperty("test", claim.relation() == Claim.Relation.CLOSE ? CLOSENESS : STUDENT);
            json.add("unit", GSON.toJsonTree(verdict.unit()));
            verdict.evidence().ifPresent(test -> json.add("difference", SummaryJson.test(test)));
            verdict.p().ifPresent(p -> json.addProperty("p", p));
            verdict.adjusted().ifPresent(p -> json.addProperty("pAdjusted", p));
            basis(json, verdict.basis());
            all.add(json);
        }
        JsonObject file = new JsonObject();
        incomplete(verdicts).ifPresent(line -> file.addProperty("incomplete", line + "."));
        file.addProperty("schema", 1);
        file.add("claims", all);
        return GSON.toJson(file) + "\n";
    }

    private static void basis(JsonObject json, Basis basis) {
        if (basis.missing().isEmpty()) {
            return;
        }
        json.addProperty("cells", basis.cells());
        json.add(
                "missing",
                SummaryJson.list(basis.missing().stream().map(Cell::label).toList()));
        if (!basis.uneven().isEmpty()) {
            json.add("unevenUnits", SummaryJson.list(basis.uneven()));
        }
    }
}
