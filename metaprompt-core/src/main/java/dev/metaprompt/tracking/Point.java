package dev.metaprompt.tracking;

/**
 * A value of a metric.
 *
 * @param key the metric's name
 * @param step the epoch
 * @param timestamp milliseconds since 1970, from the record alone
 * @param value any double
 */
record Point(String key, long step, long timestamp, double value) {
    /** Which point it is, whatever its value and time. */
    record Place(String key, long step) {}

    Place place() {
        return new Place(key, step);
    }

    /** Compares to the last bit; one not-a-number is as good as another. */
    boolean sameValue(double other) {
        return Double.compare(value, other) == 0;
    }
}
