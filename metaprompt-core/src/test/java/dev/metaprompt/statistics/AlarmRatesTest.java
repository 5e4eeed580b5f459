package dev.metaprompt.statistics;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * How often equal code fails a check of several configurations, with tolerance 0 and confidence 0.95.
 *
 * <p>{@code -Dalarms.checks=400} measures the table of {@code docs/check.md} and writes it to {@code
 * target/alarm-rates.md}; without it, fewer checks of fewer images are simulated.
 */
class AlarmRatesTest {
    private static final int CHECKS = Integer.getInteger("alarms.checks", 0);
    private static final double CONFIDENCE = 0.95;
    private static final int MOST = 15;

    /** Shares of checks with an alarm: of 1, 3 and 15 configurations, and of 15 without the correction. */
    private record Rates(double one, double three, double fifteen, double uncorrected) {
        String row() {
            return String.format(
                    Locale.ROOT, "%.1f %% | %.1f %% | %.1f %% | %.1f %%", one, three, fifteen, uncorrected);
        }
    }

    private static Rates rates(SimulatedRuns runs, int replicates, int checks) {
        List<Drop> drops = new ArrayList<>();
        for (int trial = 0; trial < checks * MOST; trial++) {
            drops.add(PairedBootstrap.drop(
                    runs.draw(RandomStream.of(3, "runs", trial), 0),
                    RandomStream.of(3, "bootstrap", trial),
                    replicates));
        }
        return new Rates(
                percent(drops, 1, true),
                percent(drops, 3, true),
                percent(drops, MOST, true),
                percent(drops, MOST, false));
    }

    /** Each drop counts once, so that fewer configurations a check make more checks. */
    private static double percent(List<Drop> drops, int configurations, boolean holm) {
        int alarms = 0;
        for (int first = 0; first < drops.size(); first += configurations) {
            alarms += alarm(drops.subList(first, first + configurations), holm) ? 1 : 0;
        }
        return 100.0 * alarms * configurations / drops.size();
    }

    private static boolean alarm(List<Drop> check, boolean holm) {
        List<Bound> bounds = HolmBounds.of(check, 0, CONFIDENCE);
        for (int i = 0; i < check.size(); i++) {
            double bound =
                    holm ? bounds.get(i).lowerBound(check.get(i)) : check.get(i).lowerBound(CONFIDENCE);
            if (bound > 0) {
                return true;
            }
        }
        return false;
    }

    private static double most(int checks) {
        return 100 * (0.05 + 3 * Math.sqrt(0.05 * 0.95 / checks));
    }

    @Test
    void equalCodeAlarmsInAtMostFivePercentOfChecksOfManyConfigurations() {
        int checks = 120;
        Rates rates = rates(new SimulatedRuns(5, 80, 0.15, 0), 60, checks);
        assertTrue(rates.one() < most(checks * MOST), rates.toString());
        assertTrue(rates.three() < most(checks * MOST / 3), rates.toString());
        assertTrue(rates.fifteen() < most(checks), rates.toString());
        assertTrue(rates.uncorrected() > 30, "what the correction is for: " + rates);
    }

    @Test
    void theTableOfTheManual() throws IOException {
        if (CHECKS == 0) {
            return;
        }
        List<String> lines = new ArrayList<>(List.of(
                "| seeds | spread | 1 configuration | 3 configurations | 15 configurations | 15 without Holm |",
                "|--:|--:|--:|--:|--:|--:|"));
        Path file = Path.of("target", "alarm-rates.md");
        for (double luck : new double[] {0.05, 0.15, 0.5}) {
            for (int seeds : new int[] {1, 2, 3, 5, 10}) {
                SimulatedRuns runs = new SimulatedRuns(seeds, 300, luck, 0);
                Rates rates = rates(runs, 300, CHECKS);
                lines.add(String.format(Locale.ROOT, "| %d | %s | %s |", seeds, spread(luck), rates.row()));
                Files.writeString(file, lines.stream().collect(Collectors.joining("\n", "", "\n")));
            }
        }
    }

    private static String spread(double luck) {
        return luck < 0.1 ? "about 2 points" : luck < 0.3 ? "about 5 points" : "about 18 points";
    }
}
