package dev.metaprompt.fetch;

import dev.metaprompt.Progress;

/** Tells bytes and rate of one answer in units for people; the time left is the console's. */
final class Rate {
    /** Without a known end updates come only so often, for nobody can see which is the last. */
    private static final long BLIND_STEP = 4_000_000;

    private final String what;
    private final long from;
    private final long total;
    private final Progress progress;
    private final long began = System.nanoTime();
    private long nextBlind;

    /**
     * Begins to measure.
     *
     * @param name the file's name
     * @param from bytes that were there before
     * @param total bytes in all; -1 if unknown
     */
    Rate(String name, long from, long total, Progress progress) {
        this.what = "bytes of " + name;
        this.from = from;
        this.total = total;
        this.progress = progress;
        this.nextBlind = from + BLIND_STEP;
    }

    /** So many bytes are there now. */
    void reached(long length) {
        if (total >= 0 && length < total) {
            progress.update(what, length, total, detail(length));
        } else if (total < 0 && length >= nextBlind) {
            nextBlind = length + BLIND_STEP;
            progress.update(what, length, length, detail(length));
        }
    }

    /** All bytes are there. */
    void finished(long length) {
        progress.update(what, length, length, detail(length));
    }

    private String detail(long length) {
        double seconds = Math.max(1e-3, (System.nanoTime() - began) / 1e9);
        double perSecond = (length - from) / seconds;
        return Words.bytes(length) + (total < 0 ? "" : " of " + Words.bytes(total)) + ", " + Words.bytes(perSecond)
                + "/s";
    }
}
