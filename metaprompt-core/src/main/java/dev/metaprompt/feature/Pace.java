package dev.metaprompt.feature;

import dev.metaprompt.Progress;
import java.util.Locale;

/** Tells how many are done, how many a second, and how long the rest will take. */
final class Pace {
    private static final double NANOS = 1e9;
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    // Before this the rate says more about the start than about the work.
    private static final double SETTLED = 1;

    private final String what;
    private final long total;
    private final Progress progress;
    private final long start = System.nanoTime();

    Pace(String what, long total, Progress progress) {
        this.what = what;
        this.total = total;
        this.progress = progress;
    }

    void reached(long done) {
        double seconds = (System.nanoTime() - start) / NANOS;
        progress.update(what, done, total, seconds < SETTLED ? "" : detail(done, total, seconds));
    }

    static String detail(long done, long total, double seconds) {
        double rate = done / seconds;
        String a = String.format(Locale.ROOT, rate < 10 ? "%.1f/s" : "%.0f/s", rate);
        return done >= total ? a : a + ", " + duration((long) Math.ceil((total - done) / rate)) + " left";
    }

    private static String duration(long seconds) {
        if (seconds < 2 * MINUTE) {
            return seconds + " s";
        }
        return seconds < 2 * HOUR
                ? (seconds + MINUTE / 2) / MINUTE + " min"
                : String.format(Locale.ROOT, "%.1f h", seconds / (double) HOUR);
    }
}
