package dev.metaprompt.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.run.JsonLines;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.Records;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The page over many runs, and the parts that are new beside a single run's. */
class RunsReportTest {
    @TempDir
    private Path folder;

    private RunDirectory run(String method, long way, long seed, double base, double newClasses, double h) {
        RunDirectory run = RunDirectory.create(folder, method, "textures", (int) way, 2, seed, Records.START);
        Map<String, Object> config = new LinkedHashMap<>(Map.of(
                "method", method, "dataset", "textures", "model", "nano-clip", "way", way, "shot", 2L, "seed", seed));
        RunRecord record = Records.running(run.id(), config);
        run.writeRecord(record.finished(
                Records.START.plusSeconds(60), Records.results(base, newClasses, h), Map.of("train", 1.0)));
        try (JsonLines epochs = JsonLines.append(run.file(RunDirectory.EPOCHS))) {
            epochs.write(Map.of("epoch", -1, "textAccuracy", 50.0 + seed, "multimodalAccuracy", 60.0, "gap", 10.0));
            epochs.write(Map.of("epoch", 0, "textAccuracy", 58.0 + seed, "multimodalAccuracy", 61.0, "gap", 3.0));
        }
        return run;
    }

    private String page(List<RunDirectory> runs, String... leftOut) throws IOException {
        Path file = folder.resolve("report.html");
        RunsReport.write(runs, List.of(leftOut), file, Pictures.NONE);
        return Files.readString(file);
    }

    private List<RunDirectory> some() {
        List<RunDirectory> runs = new ArrayList<>();
        runs.add(run("metaprompt", 5, 1, 70, 60, 64.6));
        runs.add(run("metaprompt", 5, 2, 72, 62, 66.6));
        runs.add(run("metaprompt", 5, 3, 74, 64, 68.6));
        runs.add(run("coop", 5, 1, 75, 41, 53.0));
        return runs;
    }

    @Test
    void theTableHoldsMeanIntervalAndDeviationOverSeeds() throws IOException {
        String page = page(some());
        // Three seeds 70, 72, 74: sd 2, t(0.975, 2) = 4.3027, half-width 4.3027 · 2 / √3 = 4.97.
        assertTrue(
                page.contains("<td class=\"n\">72.00</td><td class=\"n\">2.00</td><td class=\"n\">67.03 – 76.97</td>"),
                page);
        assertTrue(
                page.contains("<td class=\"n\">62.00</td><td class=\"n\">2.00</td><td class=\"n\">57.03 – 66.97</td>"));
        // H of the means: 2 · 72 · 62 / 134 = 66.627; mean H: (64.6 + 66.6 + 68.6) / 3.
        assertTrue(page.contains("<td class=\"n\">61.63 – 71.57</td><td class=\"n\">66.63</td>"));
        assertTrue(page.contains("4 finished runs of 2 settings."));
        assertTrue(page.contains("metaprompt 5-way 2-shot"));
        assertTrue(page.contains("<td class=\"n\">66.02</td>"), "the paper's figures");
    }

    @Test
    void warningsOfTheRunsStandAboveTheirFigures() throws IOException {
        List<RunDirectory> runs = some();
        for (RunDirectory run : runs) {
            run.writeRecord(run.readRecord().withWarnings(List.of("2 files <.tif> left out")));
        }
        runs.get(0).writeRecord(runs.get(0).readRecord().withWarnings(List.of("GELU assumed")));
        String page = page(runs);
        int first = page.indexOf("<li>Warning: 2 files &lt;.tif&gt; left out</li>");
        assertTrue(first > 0 && first < page.indexOf("<h3>Result</h3>"), page);
        assertTrue(page.contains("<li>Warning: GELU assumed (1 of 4 runs)</li>"), page);
        List<String> many = IntStream.range(0, 50).mapToObj(i -> "warning " + i).toList();
        runs.get(1).writeRecord(runs.get(1).readRecord().withWarnings(many));
        assertTrue(page(runs).contains("<li>and 32 more, which the records hold</li>"));
    }

    @Test
    void theSameRunsGiveTheSameBytesAndAWellFormedPageWithoutOutsiders() throws Exception {
        List<RunDirectory> runs = some();
        predictions(runs.get(0), "<script>alert('x')</script>");
        String page = page(runs, "run <x> is failed");
        assertEquals(page, page(runs, "run <x> is failed"));
        assertTrue(page.contains("run &lt;x&gt; is failed"));
        Document document = parsed(page);
        assertEquals("html", document.getDocumentElement().getTagName());
        assertFalse(page.replace("http://www.w3.org/2000/svg", "").matches("(?s).*https?:.*"), "an address outside");
        assertFalse(page.contains("<script") || page.contains("url(") || page.contains("@import"));
        NodeList links = document.getElementsByTagName("a");
        for (int i = 0; i < links.getLength(); i++) {
            assertTrue(links.item(i)
                    .getAttributes()
                    .getNamedItem("href")
                    .getNodeValue()
                    .matches("(#|\\./).*"));
        }
        assertTrue(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"), "the image's name");
    }

    private static Document parsed(String page) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(page)));
    }

    private static void predictions(RunDirectory run, String image) {
        Predictions.write(
                run.file(RunDirectory.PREDICTIONS),
                List.of(
                        new Prediction("base", image, "<b>dotted", "banded", 0.9, 0.1, "banded"),
                        new Prediction("base", "ä\u0001.png", "banded", "banded", 0.7, 0.7, "banded"),
                        new Prediction("new", "n.png", "zigzagged", "zigzagged", 0.8, 0.8, "zigzagged")));
    }

    @Test
    void errorsOfCalibrationAreMeansOfRuns() throws IOException {
        List<RunDirectory> runs = some();
        predictions(runs.get(0), "i.png");
        // Base: 0.9 wrong and 0.7 right, (0.9 + 0.3) / 2; new: 0.8 right.
        assertTrue(page(runs).contains("<td class=\"n\">60.0</td><td class=\"n\">20.0</td>"), "ECE in percent");
    }

    @Test
    void aDamagedFileCostsItsPartOnly() throws Exception {
        List<RunDirectory> runs = some();
        Files.writeString(runs.get(0).file(RunDirectory.EPOCHS), "nonsense\n");
        Files.writeString(runs.get(1).file(RunDirectory.PREDICTIONS), "a,b\nc\n");
        String page = page(runs);
        parsed(page);
        assertTrue(page.contains("<h2>Left out</h2>"), page);
        assertTrue(page.contains("<li>" + Html.escape(runs.get(0).file(RunDirectory.EPOCHS) + ": line 1 ")), page);
        assertTrue(
                page.contains("<li>"
                        + Html.escape(runs.get(1).file(RunDirectory.PREDICTIONS).toString())),
                page);
        assertTrue(page.contains("<td class=\"n\">72.00</td>"), "the figures are there");
    }

    @Test
    void settingsOfOneNameAreToldApartAndDataSetsNeverMixed() throws Exception {
        List<RunDirectory> runs = some();
        RunDirectory other = run("metaprompt", 5, 1, 50, 50, 50);
        RunRecord record = other.readRecord();
        Map<String, Object> config = new LinkedHashMap<>(record.config());
        config.put("train.epochs", 7L);
        other.writeRecord(
                Records.running(other.id(), config).finished(Records.START, Records.results(50, 50, 50), Map.of()));
        RunDirectory foreign = run("metaprompt", 5, 1, 40, 40, 40);
        config.put("dataset", "<dtd>");
        foreign.writeRecord(
                Records.running(foreign.id(), config).finished(Records.START, Records.baseOnly(40), Map.of()));
        runs.add(other);
        runs.add(foreign);
        String page = page(runs);
        parsed(page);
        assertTrue(page.contains("train.epochs=7") && page.contains("train.epochs=100"), page);
        assertTrue(page.contains("<h2 id=\"data1\">nano-clip on &lt;dtd&gt;</h2>"), page);
        assertTrue(page.contains("<h2 id=\"data2\">nano-clip on textures</h2>"), page);
        assertTrue(page.contains("<td class=\"n\">40.00</td><td class=\"n\">–</td>"), "no new classes, no H");
        assertTrue(page.contains("context only, since the figures above are of nano-clip on textures"));
    }

    @Test
    void publishedFiguresAreContextUnlessModelAndDataSetAreTheirs() {
        assertFalse(
                Published.rows("openai/clip-vit-base-patch16", "dtd").title().contains("context"));
        assertFalse(Published.rows("ViT-B-16", "dtd").title().contains("context"));
        assertTrue(Published.rows("openai/clip-vit-base-patch32", "dtd").title().contains("context only"));
        assertTrue(Published.rows("openai/clip-vit-base-patch16", "eurosat")
                .title()
                .contains("context only"));
    }

    @Test
    void curvesHaveABandWhereThereAreSeveralSeeds() throws IOException {
        List<RunDirectory> runs = some();
        String page = page(runs);
        assertEquals(3, page.split("<polygon class=\"band", -1).length - 1, "text, multi-modal and gap of three seeds");
        String single = page(List.of(runs.get(3)));
        assertFalse(single.contains("<polygon"), "one seed has no band");
    }

    @Test
    void manyRunsMakeAPageOfBoundedSize() throws IOException {
        List<RunDirectory> runs = new ArrayList<>();
        for (int seed = 1; seed <= 300; seed++) {
            runs.add(run("metaprompt", 5 + seed % 10, seed, 70, 60, 64.6));
        }
        assertTrue(page(runs).length() < 1_000_000);
    }

    private static Prediction prediction(double probability, boolean right) {
        return new Prediction("base", "a.png", "a", right ? "a" : "b", probability, 0.1, "a");
    }

    @Test
    void theCalibrationErrorIsTheMeanDistanceOfTheBins() {
        Random random = new Random(3);
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            double p = random.nextDouble();
            predictions.add(prediction(p, random.nextDouble() < p * p));
        }
        double expected = 0;
        for (int bin = 0; bin < 15; bin++) {
            double low = bin / 15.0;
            double high = (bin + 1) / 15.0;
            List<Prediction> inside = predictions.stream()
                    .filter(p -> p.probability() > low && p.probability() <= high)
                    .toList();
            double accuracy = inside.stream()
                    .mapToInt(p -> p.predicted().equals("a") ? 1 : 0)
                    .average()
                    .orElse(0);
            double confidence = inside.stream()
                    .mapToDouble(Prediction::probability)
                    .average()
                    .orElse(0);
            expected += inside.size() / 500.0 * Math.abs(accuracy - confidence);
        }
        assertEquals(expected, Calibration.of(predictions).error(), 1e-9);
        assertEquals(0, Calibration.of(List.of(prediction(1, true))).error(), 1e-9);
    }

    @Test
    void theConfusionCountsEveryPredictionOnce() {
        List<Prediction> predictions = List.of(prediction(0.5, true), prediction(0.5, false), prediction(0.5, false));
        ConfusionMap map = ConfusionMap.of("c", List.of("a", "b"), predictions);
        assertArrayEquals(new int[] {1, 2}, map.counts()[0]);
        assertArrayEquals(new int[] {0, 0}, map.counts()[1]);
        assertTrue(map.svg().contains("a taken for b: 2 of 3"));
        assertEquals(
                List.of("b", "a"),
                ConfusionMap.of("c", List.of("b"), predictions).classes());
    }

    @Test
    void picturesAreSmallAndNeverFromOutside() throws IOException {
        Path root = Files.createDirectories(folder.resolve("data"));
        BufferedImage image = new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < 400 * 300; i++) {
            image.setRGB(i % 400, i / 400, random.nextInt());
        }
        ImageIO.write(image, "png", root.resolve("in.png").toFile());
        ImageIO.write(image, "png", folder.resolve("out.png").toFile());
        Files.writeString(root.resolve("text.png"), "<svg onload='x'>");
        ImageIO.write(
                new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB),
                "gif",
                root.resolve("small.png").toFile());
        ImageIO.write(image, "bmp", root.resolve("other.png").toFile());
        Thumbnails thumbnails = new Thumbnails(List.of(root));
        String uri = thumbnails.dataUri("in.png").orElseThrow();
        assertTrue(uri.startsWith("data:image/jpeg;base64,") && uri.length() < 20_000, uri);
        byte[] jpeg = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
        BufferedImage small = ImageIO.read(new ByteArrayInputStream(jpeg));
        assertEquals(List.of(96, 72), List.of(small.getWidth(), small.getHeight()));
        String whole = thumbnails.dataUri("small.png").orElseThrow();
        assertTrue(whole.startsWith("data:image/gif;base64,"), "what it is, not what its name says: " + whole);
        assertTrue(thumbnails.dataUri("other.png").isEmpty(), "no kind that every browser shows");
        assertTrue(thumbnails.dataUri(folder.resolve("out.png").toString()).isEmpty());
        assertTrue(thumbnails.dataUri("../out.png").isEmpty());
        assertTrue(thumbnails.dataUri("text.png").isEmpty());
        assertTrue(thumbnails.dataUri("none.png").isEmpty());
    }
}
