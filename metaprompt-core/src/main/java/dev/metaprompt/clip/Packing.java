package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * Where the tokens of texts with a common beginning lie when each is stored once: P rows of the prefix, then the other
 * tokens of text after text, without padding.
 *
 * @param prefix P, at least 1
 * @param lengths tokens of each text behind the prefix, end token included, at least 1
 */
record Packing(int prefix, int[] lengths) {
    /** Returns {@link #padded}, {@link #places}, {@link #ends} and both masks as scripts read them. */
    NDArray[] tensors(NDManager manager) {
        long seen = prefix + longest();
        return new NDArray[] {
            manager.create(padded()),
            manager.create(places()),
            manager.create(ends()),
            manager.create(causalMask(), new Shape(longest(), seen)),
            manager.create(endMask(), new Shape(texts(), 1, 1, seen))
        };
    }

    /** Returns the number of texts. */
    int texts() {
        return lengths.length;
    }

    /** Returns the length of the longest text behind the prefix. */
    int longest() {
        return Arrays.stream(lengths).max().orElseThrow();
    }

    /** Returns for each text and each of {@link #longest} places a row; places behind a text's end give its end. */
    long[] padded() {
        int longest = longest();
        long[] rows = new long[texts() * longest];
        int start = prefix;
        for (int c = 0; c < texts(); c++) {
            for (int i = 0; i < longest; i++) {
                rows[c * longest + i] = start + Math.min(i, lengths[c] - 1);
            }
            start += lengths[c];
        }
        return rows;
    }

    /** Returns for each packed token behind the prefix its place in {@link #padded}. */
    long[] places() {
        int longest = longest();
        long[] places = new long[Arrays.stream(lengths).sum()];
        int next = 0;
        for (int c = 0; c < texts(); c++) {
            for (int i = 0; i < lengths[c]; i++) {
                places[next++] = (long) c * longest + i;
            }
        }
        return places;
    }

    /** Returns the row of each text's end token. */
    long[] ends() {
        long[] rows = new long[texts()];
        int end = prefix - 1;
        for (int c = 0; c < texts(); c++) {
            end += lengths[c];
            rows[c] = end;
        }
        return rows;
    }

    /** Returns what is added to the scores [longest, P + longest]: a token sees the prefix, itself and what is before. */
    float[] causalMask() {
        int longest = longest();
        int width = prefix + longest;
        float[] mask = new float[longest * width];
        for (int i = 0; i < longest; i++) {
            Arrays.fill(mask, i * width + prefix + i + 1, (i + 1) * width, Float.NEGATIVE_INFINITY);
        }
        return mask;
    }

    /** Returns what is added to the scores of the end tokens [C, P + longest]. */
    float[] endMask() {
        int width = prefix + longest();
        float[] mask = new float[texts() * width];
        for (int c = 0; c < texts(); c++) {
            Arrays.fill(mask, c * width + prefix + lengths[c], (c + 1) * width, Float.NEGATIVE_INFINITY);
        }
        return mask;
    }
}
