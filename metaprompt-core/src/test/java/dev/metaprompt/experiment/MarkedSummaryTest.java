package dev.metaprompt.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.run.CodeVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a summary says of cells that other code has computed. */
class MarkedSummaryTest {
    private static final CodeVersion NOW = new CodeVersion("0.2.0", Optional.of("n".repeat(40)));
    private static final CodeVersion OLD = new CodeVersion("0.1.0", Optional.of("old"));

    /** Two groups of three; the second cell of the first group is of other code, the last cell has no figures. */
    private static ExperimentSummary summary() {
        Plan plan = MadePlans.plan(
                new Comparison(Map.of("method", "ours"), List.of("seed")), "method=ours,theirs", "seed=1,2,3");
        Map<Cell, CodeVersion> codes = new HashMap<>();
        plan.cells().forEach(cell -> codes.put(cell, cell.number() == 1 ? OLD : NOW));
        codes.remove(plan.cells().get(5));
        return ExperimentSummary.of(
                        plan,
                        cell -> cell.number() == 5 ? Optional.empty() : Optional.of(MadePlans.results(60, 50)),
                        Map.of())
                .marked(NOW, codes);
    }

    @Test
    void theTableMarksTheGroupAndTheListNamesTheCell() {
        ExperimentSummary summary = summary();
        assertEquals("3*", SummaryFiles.rows(summary).get(0).get(1));
        assertEquals("2/3", SummaryFiles.rows(summary).get(1).get(1));
        String markdown = SummaryFiles.markdown(summary);
        assertTrue(markdown.contains("\nOf other code:\n\n- method=ours seed=2: 0.1.0, commit old\n"), markdown);
        List<String> text = SummaryFiles.text(summary);
        assertTrue(
                text.get(text.size() - 1).startsWith("* 1 cell of other code than 0.2.0, commit nnn"), text.toString());
    }

    @Test
    void programsReadIt() {
        JsonObject json = JsonParser.parseString(SummaryJson.of(summary())).getAsJsonObject();
        assertEquals("0.2.0, commit " + "n".repeat(40), json.get("code").getAsString());
        JsonArray other = json.getAsJsonArray("otherCode");
        assertEquals(
                "[{\"cell\":{\"method\":\"ours\",\"seed\":\"2\"},\"code\":\"0.1.0, commit old\"}]", other.toString());
        List<String> lines = SummaryFiles.csv(summary()).lines().toList();
        assertTrue(lines.get(0).startsWith("# Incomplete: 1 of 6 cells"), lines.get(0));
        assertTrue(lines.get(1).endsWith(",effect,unevenUnits,unevenPairs,otherCode"), lines.get(1));
        assertTrue(lines.get(2).endsWith(",1"), lines.get(2));
        assertTrue(lines.get(lines.size() - 1).endsWith(",0"), lines.get(lines.size() - 1));
    }

    @Test
    void figuresDoNotChange() {
        ExperimentSummary plain = ExperimentSummary.of(
                summary().plan(),
                cell -> cell.number() == 5 ? Optional.empty() : Optional.of(MadePlans.results(60, 50)),
                Map.of());
        assertEquals(plain.groups(), summary().groups());
        assertEquals(plain.missing(), summary().missing());
    }
}
