package dev.metaprompt.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class RunReportTest {
    @TempDir
    private Path folder;

    private RunDirectory run;

    @BeforeEach
    void setUp() {
        run = RunDirectory.create(folder, "metaprompt", "textures", 5, 2, 1, Records.START);
    }

    private RunRecord finished() {
        return Records.running(run.id())
                .finished(Records.START.plusSeconds(60), Records.results(71.3, 58.9, 64.5), Map.of("train", 12.345));
    }

    private String report(RunRecord record) throws IOException {
        run.writeRecord(record);
        return Files.readString(RunReport.write(run, Pictures.NONE));
    }

    private void writeCurves() {
        try (JsonLines metrics = JsonLines.append(run.file(RunDirectory.METRICS));
                JsonLines epochs = JsonLines.append(run.file(RunDirectory.EPOCHS))) {
            epochs.write(Map.of("epoch", -1, "textAccuracy", 55.0, "multimodalAccuracy", 60.0, "gap", 5.0));
            for (int step = 1; step <= 4; step++) {
                metrics.write(Map.of(
                        "step",
                        step,
                        "epoch",
                        (step - 1) / 2,
                        "loss",
                        1.0 / step,
                        "crossEntropy",
                        0.9 / step,
                        "klDivergence",
                        0.1 / step));
            }
            epochs.write(Map.of("epoch", 0, "textAccuracy", 58.0, "multimodalAccuracy", 61.0, "gap", 3.0));
        }
    }

    @Test
    void theHeadlineStandsBesideBothTemplates() throws IOException {
        String page = report(finished());
        assertTrue(page.contains("<b>71.3</b><span>base</span>"), page);
        assertTrue(page.contains("<b>58.9</b><span>new</span>"));
        assertTrue(page.contains("<b>64.5</b><span>harmonic mean H</span>"));
        assertTrue(page.contains("<b>+6.8</b><span>H over zero-shot “{} texture.”</span>"));
        assertTrue(
                page.contains("<tr><th scope=\"row\">zero-shot CLIP, “a photo of a {}.”</th><td class=\"n\">55.10</td>"
                        + "<td class=\"n\">60.20</td><td class=\"n\">57.50</td></tr>"));
        assertTrue(page.contains("<th scope=\"row\">way</th><td>5</td><td>-Dway</td>"));
        assertTrue(page.contains("<th scope=\"row\">time: train</th><td>12.3 s</td>"));
        assertTrue(page.contains("Over 600 test episodes: 88.5 ± 0.8 (95 % interval)."));
    }

    @Test
    void thePageIsEscapedWellFormedAndNeedsNothingFromElsewhere() throws Exception {
        writeCurves();
        Predictions.write(
                run.file(RunDirectory.PREDICTIONS),
                List.of(
                        new Prediction("base", "i1", "<b>dotted", "banded", 0.5, 0.1, "banded"),
                        new Prediction("base", "i2", "<b>dotted", "banded", 0.5, 0.1, "banded"),
                        new Prediction("base", "i3", "banded", "banded", 0.5, 0.5, "banded")));
        String page = report(finished());
        assertFalse(page.contains("<b>dotted"));
        assertTrue(page.contains(
                "<th scope=\"row\">&lt;b&gt;dotted</th><td>base</td><td>banded (2)</td><td class=\"n\">60.0</td>"));
        assertFalse(page.contains("<script"));
        assertTrue(page.contains("Reliability, base classes: ECE 16.7 %"), "one of three right at 0.5");
        assertTrue(page.contains("&lt;b&gt;dotted taken for banded: 2 of 2</title>"), "the confusion");
        String links = page.replace("http://www.w3.org/2000/svg", "");
        assertFalse(links.contains("http:") || links.contains("https:") || links.contains("url("), links);
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(page)));
    }

    @Test
    void curvesAreDrawnPerEpoch() throws IOException {
        writeCurves();
        String page = report(finished());
        // Accuracy, gap, loss; gains of base and new classes.
        assertEquals(3 + 2, page.split("<svg ", -1).length - 1);
        assertEquals(3 + 2 + 1, page.split("<polyline ", -1).length - 1);
        assertEquals(page, report(finished()), "the same run gives the same bytes");
        assertTrue(page.contains("<a href=\"metrics.jsonl\">metrics.jsonl</a>"));
        assertFalse(page.contains("episodes.jsonl"));
    }

    @Test
    void aFailedRunSaysWhy() throws IOException {
        String page = report(Records.running(run.id()).failed(Records.START, "img/<a>.jpg: is empty."));
        assertTrue(page.contains("<p class=\"error\">img/&lt;a&gt;.jpg: is empty.</p>"));
        assertFalse(page.contains("<svg"));
    }

    @Test
    void whatWasAssumedAndLeftOutStandsOnTop() throws IOException {
        String page = report(finished().withWarnings(List.of("3 files <b>.tif</b> are left out", "GELU assumed")));
        int first = page.indexOf("<li>Warning: 3 files &lt;b&gt;.tif&lt;/b&gt; are left out</li>");
        assertTrue(first > 0 && first < page.indexOf("<li>Warning: GELU assumed</li>"), page);
        assertTrue(first < page.indexOf("<div class=\"figures\">"), "above the figures");
        assertFalse(report(finished()).contains("class=\"warnings\""));
    }

    @Test
    void withoutNewClassesTheGainIsInBaseAccuracy() throws IOException {
        String page = report(Records.running(run.id()).finished(Records.START, Records.baseOnly(70), Map.of()));
        assertTrue(page.contains("<b>+15.0</b><span>base over zero-shot “a photo of a {}.”</span>"), page);
        assertFalse(page.contains("harmonic mean H"));
        assertTrue(page.contains("Tensors of epoch 7 were kept."));
    }

    @Test
    void aDamagedFileIsNamedAndCostsItsPartOnly() throws IOException {
        run.writeRecord(finished());
        Files.writeString(run.file(RunDirectory.METRICS), "nonsense\n");
        String page = Files.readString(RunReport.write(run, Pictures.NONE));
        assertTrue(page.contains("<h2>Left out</h2>"), page);
        assertTrue(page.contains("<li>" + Html.escape(run.file(RunDirectory.METRICS) + ": line 1 ")), page);
        assertTrue(page.contains("<b>71.3</b><span>base</span>"), "the rest is there");
    }

    @Test
    void theResultLineIsTheConsoles() {
        assertEquals(
                "base 71.3   new 58.9   H 64.5      zero-shot CLIP \"a photo of a {}.\" 55.1 / 60.2 / 57.5   "
                        + "\"{} texture.\" 56.0 / 59.5 / 57.7      (+6.8 H)",
                ResultLine.of(Records.results(71.3, 58.9, 64.5)));
        assertEquals(
                "base 50.0      zero-shot CLIP \"a photo of a {}.\" 55.0      (-5.0 base)",
                ResultLine.of(Records.baseOnly(50)));
    }
}
