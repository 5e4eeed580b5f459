package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The pages people look at, in a real browser: drawn, without an error, and with the figures of the records. */
class PagesIT {
    @RegisterExtension
    private static final MlflowServer SERVER = new MlflowServer();

    private static final String EXPERIMENT = "pages";
    /** MLflow's page asks who is logged in, also of a server without login, which answers 404: no fault of the runs. */
    private static final String ASKED_IN_VAIN = "/ajax-api/2.0/mlflow/users/current\"";

    private static final Path PICTURES = Path.of("target", "pages");

    @TempDir
    private static Path folder;

    private static Browser browser;
    private static List<Path> runs;

    @BeforeAll
    static void trainTwoWays() throws Exception {
        Optional<Path> program = Browser.program();
        Assumptions.assumeTrue(program.isPresent(), "no Chromium on the path: apt-get install chromium");
        browser = Browser.start(program.get(), folder.resolve("profile"), 1600, 1400);
        MavenBuild build = MavenBuild.project("plain", folder.resolve("project"));
        for (int way : new int[] {5, 10}) {
            MavenBuild.Result result = build.run(
                    "metaprompt:train",
                    "-Dway=" + way,
                    "-Dmetaprompt.augment=none",
                    "-Dmetaprompt.train.epochs=4",
                    "-Dmetaprompt.tracking.uri=" + SERVER.uri(),
                    "-Dmetaprompt.tracking.experiment=" + EXPERIMENT);
            assertEquals(0, result.exitCode(), result.text());
        }
        runs = Runs.of(build).all();
    }

    @AfterAll
    static void close() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    private static double figure(Path run, String name) throws Exception {
        JsonObject results = Runs.record(run).getAsJsonObject("results");
        return results.get(name).getAsDouble();
    }

    @Test
    void theReportOfARunShowsItsFigures() throws Exception {
        for (Path run : runs) {
            browser.open(run.resolve("report.html").toUri().toString());
            browser.await("document.readyState === 'complete' && document.querySelectorAll('svg').length > 0");
            String text = browser.text();
            for (String name : List.of("base", "new", "harmonicMean")) {
                String shown = String.format(Locale.ROOT, "%.1f", figure(run, name));
                assertTrue(text.contains(shown), name + " " + shown + " in\n" + text);
            }
            assertEquals(
                    "0",
                    browser.evaluate("[...document.querySelectorAll('svg')].filter(svg => "
                            + "!svg.querySelector('path, polyline, rect, line')).length"),
                    "empty charts");
            assertEquals(List.of(), browser.errors());
            browser.screenshot(PICTURES.resolve(run.getFileName() + ".png"));
        }
    }

    @Test
    void mlflowsComparePageShowsTheWaysSideBySide() throws Exception {
        List<MlflowRest.Run> there = SERVER.rest().runs(EXPERIMENT);
        String ids = "[\"" + there.get(0).id() + "\",\"" + there.get(1).id() + "\"]";
        String experiment = "[\"" + SERVER.rest().experimentId(EXPERIMENT) + "\"]";
        browser.open(SERVER.direct() + "/#/compare-runs?runs=" + URLEncoder.encode(ids, StandardCharsets.UTF_8)
                + "&experiments=" + URLEncoder.encode(experiment, StandardCharsets.UTF_8));
        browser.await("document.body.innerText.includes('harmonic_mean')"
                + " && document.querySelector('svg.main-svg path') !== null");
        browser.screenshot(PICTURES.resolve("compare.png"));
        String text = browser.text();
        for (MlflowRest.Run run : there) {
            assertTrue(text.contains(run.info("run_name")), run.info("run_name") + " in\n" + text);
        }
        assertTableOfMetrics(there, text);
        List<String> errors = browser.errors().stream()
                .filter(error -> !error.contains(ASKED_IN_VAIN))
                .toList();
        assertEquals(List.of(), errors);
    }

    /** The page's text has the names of the metrics and then, in their order, a value for each run in four digits. */
    private static void assertTableOfMetrics(List<MlflowRest.Run> there, String text) {
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        List<String> names = List.copyOf(there.get(0).metrics().keySet());
        int table = Collections.lastIndexOfSubList(lines, names);
        assertTrue(table >= 0, "no table of " + names + " in\n" + text);
        int cell = table + names.size();
        for (String name : names) {
            for (MlflowRest.Run run : there) {
                double shown = Double.parseDouble(lines.get(cell++));
                double value = run.metrics().get(name);
                assertEquals(value, shown, Math.max(0.000501, 0.0005 * Math.abs(value)), name + " in\n" + text);
            }
        }
    }
}
