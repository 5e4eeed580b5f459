package dev.metaprompt.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.report.PageReader.Rows;
import dev.metaprompt.run.CodeVersion;
import dev.metaprompt.run.Prediction;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** The figures of the page over many runs against the records and predictions, computed here another way. */
class PageFiguresTest {
    private static final int SEEDS = 3;

    /** Student's t at 0.975 with two degrees of freedom, from a printed table. */
    private static final double T = 4.302652729911275;

    @TempDir
    private Path folder;

    private final Map<Integer, List<RunDirectory>> ways = new TreeMap<>();
    private MadeRuns made;
    private PageReader page;

    @BeforeEach
    void setUp() throws IOException {
        made = new MadeRuns(folder);
        for (int way : new int[] {5, 10, 20}) {
            List<RunDirectory> runs = new ArrayList<>();
            for (int seed = 1; seed <= SEEDS; seed++) {
                runs.add(made.finished("metaprompt", way, seed));
            }
            ways.put(way, runs);
        }
        page = read();
    }

    private PageReader read() throws IOException {
        Path file = folder.resolve("report.html");
        RunsReport.write(RunDirectory.list(folder), List.of("run x is damaged"), file, Pictures.NONE);
        return new PageReader(Files.readString(file));
    }

    private static Results results(RunDirectory run) {
        return run.readRecord().results().orElseThrow();
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private double[] values(int way, ToDoubleFunction<Results> figure) {
        return ways.get(way).stream()
                .mapToDouble(run -> figure.applyAsDouble(results(run)))
                .toArray();
    }

    private static double mean(double[] v) {
        return (v[0] + v[1] + v[2]) / 3;
    }

    private static List<String> cells(double[] v) {
        double m = mean(v);
        double sd = Math.sqrt((Math.pow(v[0] - m, 2) + Math.pow(v[1] - m, 2) + Math.pow(v[2] - m, 2)) / 2);
        double half = T * sd / Math.sqrt(3);
        return List.of(two(m), two(sd), two(m - half) + " – " + two(m + half));
    }

    @Test
    void tableOneHoldsMeanDeviationAndIntervalOfEveryWay() {
        Rows table = page.table("Table 1");
        for (int way : ways.keySet()) {
            double[] base = values(way, Results::base);
            double[] newClasses = values(way, r -> r.newClasses().getAsDouble());
            List<String> expected = new ArrayList<>(List.of(String.valueOf(way), "3"));
            expected.addAll(cells(base));
            expected.addAll(cells(newClasses));
            expected.addAll(cells(values(way, r -> r.harmonicMean().getAsDouble())));
            expected.add(two(2 / (1 / mean(base) + 1 / mean(newClasses))));
            List<List<String>> rows = table.rows().stream()
                    .filter(row -> row.size() > 2 && row.get(2).equals(String.valueOf(way)))
                    .map(row -> row.subList(2, row.size()))
                    .toList();
            assertEquals(List.of(expected), rows);
        }
        assertTrue(table.rows().get(1).contains("H of means"));
        assertTrue(page.text().contains("Mean H is the mean of the seeds' harmonic means"));
    }

    @Test
    void everyRunsFiguresAreItsRecords() {
        Rows table = page.table("Runs");
        for (RunDirectory run : RunDirectory.list(folder)) {
            Results results = results(run);
            List<String> row = table.row(run.id());
            assertEquals(
                    List.of(
                            two(results.base()),
                            two(results.newClasses().getAsDouble()),
                            two(results.harmonicMean().getAsDouble())),
                    row.subList(3, 6));
            assertEquals(CodeVersion.of(run.readRecord()).brief(), row.get(6));
        }
    }

    @Test
    void theResultStandsBesideZeroShotAndThePublishedFigures() {
        Rows table = page.table("Accuracy on test images");
        Results last = results(ways.get(20).get(SEEDS - 1));
        for (Results.ZeroShot zeroShot : last.zeroShot()) {
            List<String> row = table.row("zero-shot CLIP “" + zeroShot.template() + "”");
            assertEquals(4 + 2, row.size());
        }
        assertEquals("66.02", table.row("the paper, 5-way").get(4));
        assertEquals("65.33", table.row("the paper, 20-way").get(4));
        assertEquals("54.24", table.row("CoOp (CoCoOp, CVPR 2022)").get(4));
        assertTrue(page.text().contains("context only, since the figures above are of nano-clip on textures"));
        List<String> ours = table.row("metaprompt 10-way 2-shot");
        assertEquals(two(mean(values(10, Results::base))), ours.get(2));
    }

    private static double calibrationError(RunDirectory run, String split) {
        List<Prediction> half = Predictions.read(run.file(RunDirectory.PREDICTIONS)).stream()
                .filter(p -> p.split().equals(split))
                .toList();
        double sum = 0;
        for (int bin = 0; bin < 15; bin++) {
            double low = bin / 15.0;
            double high = (bin + 1) / 15.0;
            // n · |accuracy − confidence| of a bin is the sum of its differences.
            sum += Math.abs(half.stream()
                    .filter(p -> p.probability() > low && p.probability() <= high)
                    .mapToDouble(p -> (p.predicted().equals(p.label()) ? 1 : 0) - p.probability())
                    .sum());
        }
        return 100 * sum / half.size();
    }

    @Test
    void theCalibrationErrorIsThatOfThePredictions() {
        Rows table = page.table("Expected calibration error");
        int column = 2;
        for (String split : List.of("base", "new")) {
            double[] errors = ways.get(5).stream()
                    .mapToDouble(run -> calibrationError(run, split))
                    .toArray();
            assertTrue(
                    table.row("metaprompt 5-way 2-shot")
                            .get(column++)
                            .startsWith(String.format(Locale.ROOT, "%.1f ± ", mean(errors))),
                    table.rows() + " " + mean(errors));
        }
    }

    @Test
    void theConfusionCountsThePredictionsOfAllSeeds() {
        Element map = page.all("svg").stream()
                .filter(svg ->
                        PageReader.all(svg, "title").get(0).getTextContent().equals("Confusion of base classes"))
                .findFirst()
                .orElseThrow();
        List<Prediction> base = ways.get(5).stream()
                .flatMap(run -> Predictions.read(run.file(RunDirectory.PREDICTIONS)).stream())
                .filter(p -> p.split().equals("base"))
                .toList();
        long right = base.stream().filter(p -> p.predicted().equals(p.label())).count();
        assertTrue(
                PageReader.all(map, "desc")
                        .get(0)
                        .getTextContent()
                        .startsWith(right + " of " + base.size() + " are right."),
                PageReader.all(map, "desc").get(0).getTextContent());
        Map<String, Long> expected = base.stream()
                .collect(Collectors.groupingBy(
                        p -> p.label() + " taken for " + p.predicted(), TreeMap::new, Collectors.counting()));
        Map<String, Long> shown = new TreeMap<>();
        Pattern cell = Pattern.compile("(.* taken for .*): (\\d+) of (\\d+)");
        for (Element title : PageReader.all(map, "title")) {
            Matcher matcher = cell.matcher(title.getTextContent());
            if (matcher.matches()) {
                shown.put(matcher.group(1), Long.valueOf(matcher.group(2)));
                assertEquals(String.valueOf(6 * SEEDS), matcher.group(3), "images of a class");
            }
        }
        assertEquals(expected, shown);
    }

    @Test
    void barsAreAsHighAsTheirFigures() {
        List<Element> charts = page.all("svg").stream()
                .filter(svg ->
                        PageReader.all(svg, "title").get(0).getTextContent().startsWith("Accuracy on base and new"))
                .toList();
        List<Double> heights = marks(charts, "rect", "bar")
                .map(rect -> Double.valueOf(rect.getAttribute("height")))
                .toList();
        List<Double> figures = new ArrayList<>();
        for (Results.ZeroShot row : results(ways.get(20).get(SEEDS - 1)).zeroShot()) {
            figures.addAll(List.of(0.0, 0.0, 0.0));
            assertTrue(row.base() > 0);
        }
        for (int way : ways.keySet()) {
            Stream.<ToDoubleFunction<Results>>of(
                            Results::base,
                            r -> r.newClasses().getAsDouble(),
                            r -> r.harmonicMean().getAsDouble())
                    .forEach(figure -> figures.add(mean(values(way, figure))));
        }
        double scale = heights.get(6) / figures.get(6);
        for (int i = 6; i < figures.size(); i++) {
            assertEquals(figures.get(i) * scale, heights.get(i), 0.06, "bar " + i);
        }
        assertEquals(figures.size(), heights.size());
        assertEquals(9 * 3, marks(charts, "line", "whisker").count(), "an error bar is three lines");
    }

    private static Stream<Element> marks(List<Element> charts, String element, String kind) {
        return charts.stream()
                .flatMap(chart -> PageReader.all(chart, element).stream())
                .filter(mark -> mark.getAttribute("class").startsWith(kind));
    }

    @Test
    void runsThatDoNotCountAreNamedWithTheirReason() throws IOException {
        made.unfinished("metaprompt", 5, 9);
        RunDirectory later = made.finished("metaprompt", 5, 1);
        String text = read().text();
        assertTrue(text.contains("run x is damaged"));
        assertTrue(text.contains("-s9 is running"));
        assertTrue(text.contains("run " + ways.get(5).get(0).id() + " has the setting and the seed of the later run "
                + later.id() + ", which counts"));
    }

    @Test
    void otherModelsDataAndKeysAreNeverOneSetting() throws IOException {
        made.finished("metaprompt", 5, 1, "train.epochs", 7L);
        made.model = "other-clip";
        made.finished("metaprompt", 5, 1);
        made.model = "nano-clip";
        made.dataset = "others";
        made.finished("metaprompt", 5, 1);
        PageReader more = read();
        assertTrue(more.text().contains("12 finished runs of 6 settings."));
        assertTrue(more.text().contains("other-clip on textures"));
        assertTrue(more.text().contains("nano-clip on others"));
        assertTrue(more.text().contains("train.epochs=7") && more.text().contains("train.epochs=100"));
    }
}
