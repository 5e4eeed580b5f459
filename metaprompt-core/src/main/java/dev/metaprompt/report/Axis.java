package dev.metaprompt.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * A scale from data to pixels with ticks at round numbers.
 *
 * @param low the value at {@code from}
 * @param high the value at {@code to}, greater than {@code low}
 * @param step between ticks
 * @param from pixel of {@code low}
 * @param to pixel of {@code high}
 */
record Axis(double low, double high, double step, double from, double to) {
    private static final int INTERVALS = 5;

    /** Of a step: rounding that must not cost a tick. */
    private static final double TINY = 1e-6;

    /** Returns an axis that shows every value between two, with round ends. */
    static Axis around(double smallest, double largest, double from, double to) {
        double span = largest > smallest ? largest - smallest : Math.max(1e-3, Math.abs(largest) * 0.1);
        double step = roundStep(span / INTERVALS);
        double low = Math.floor(smallest / step + TINY) * step;
        double high = Math.ceil(largest / step - TINY) * step;
        return new Axis(low, high > low ? high : low + step, step, from, to);
    }

    /** Returns an axis that ends at two values, with round ticks between them; round ends where they are one value. */
    static Axis between(double smallest, double largest, double from, double to) {
        Axis around = around(smallest, largest, from, to);
        return largest > smallest ? new Axis(smallest, largest, around.step, from, to) : around;
    }

    /** Returns the smallest of 1, 2 and 5 times a power of ten that is not below a number. */
    private static double roundStep(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= atLeast * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    double pixel(double value) {
        return from + (to - from) * (value - low) / (high - low);
    }

    /** Returns the multiples of the step on the axis. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        long last = (long) Math.floor(high / step + TINY);
        for (long i = (long) Math.ceil(low / step - TINY); i <= last; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Returns a tick's text: no more digits than the step needs. */
    String label(double tick) {
        int decimals = Math.max(0, -(int) Math.floor(Math.log10(step) + 1e-9));
        BigDecimal rounded = new BigDecimal(tick, MathContext.DECIMAL64).setScale(decimals, RoundingMode.HALF_EVEN);
        return rounded.toPlainString().replace('-', '\u2212');
    }
}
