package dev.metaprompt.image;

import java.io.IOException;
import java.util.Arrays;

/** A prefix code of WebP's lossless format (RFC 9649, section 3.7.2). */
final class Vp8lCode {
    private static final int LONGEST = 15;
    private static final int LENGTHS = 19;
    private static final int[] ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final int[] REPEAT_BITS = {2, 3, 7};
    private static final int[] REPEAT_LEAST = {3, 3, 11};

    /** Symbols in the order of their codes. */
    private final short[] symbols;
    /** How many codes of each length there are; all zero for a code of one symbol, which takes no bits. */
    private final short[] counts = new short[LONGEST + 1];

    private Vp8lCode(int[] lengths) throws IOException {
        int used = 0;
        int last = 0;
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                counts[lengths[symbol]]++;
                used++;
                last = symbol;
            }
        }
        symbols = new short[Math.max(1, used)];
        if (used <= 1) {
            symbols[0] = (short) last;
            Arrays.fill(counts, (short) 0);
            if (used == 0) {
                throw damaged();
            }
            return;
        }
        requireComplete();
        int[] next = new int[LONGEST + 2];
        for (int length = 1; length <= LONGEST; length++) {
            next[length + 1] = next[length] + counts[length];
        }
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                symbols[next[lengths[symbol]]++] = (short) symbol;
            }
        }
    }

    private static IOException damaged() {
        return new IOException("damaged WebP, one of its codes is none");
    }

    private void requireComplete() throws IOException {
        int free = 1;
        for (int length = 1; length <= LONGEST; length++) {
            free = 2 * free - counts[length];
            if (free < 0) {
                throw damaged();
            }
        }
        if (free != 0) {
            throw damaged();
        }
    }

    /** Reads a code for so many symbols. */
    static Vp8lCode read(Vp8lBits in, int alphabet) throws IOException {
        int[] lengths = new int[alphabet];
        if (in.flag()) {
            simple(in, lengths);
        } else {
            normal(in, lengths);
        }
        return new Vp8lCode(lengths);
    }

    private static void simple(Vp8lBits in, int[] lengths) throws IOException {
        boolean two = in.flag();
        int first = in.number(in.flag() ? 8 : 1);
        int second = two ? in.number(8) : first;
        if (first >= lengths.length || second >= lengths.length) {
            throw damaged();
        }
        lengths[first] = 1;
        lengths[second] = 1;
    }

    private static void normal(Vp8lBits in, int[] lengths) throws IOException {
        int[] lengthsOfLengths = new int[LENGTHS];
        int count = 4 + in.number(4);
        for (int i = 0; i < count; i++) {
            lengthsOfLengths[ORDER[i]] = in.number(3);
        }
        Vp8lCode code = new Vp8lCode(lengthsOfLengths);
        int left = lengths.length;
        if (in.flag()) {
            left = 2 + in.number(2 + 2 * in.number(3));
            if (left > lengths.length) {
                throw damaged();
            }
        }
        int previous = 8;
        for (int symbol = 0; symbol < lengths.length && left > 0; left--) {
            int length = code.next(in);
            if (length <= LONGEST) {
                lengths[symbol++] = length;
                previous = length > 0 ? length : previous;
                continue;
            }
            int kind = length - LONGEST - 1;
            int repeat = REPEAT_LEAST[kind] + in.number(REPEAT_BITS[kind]);
            if (repeat > lengths.length - symbol) {
                throw damaged();
            }
            Arrays.fill(lengths, symbol, symbol + repeat, kind == 0 ? previous : 0);
            symbol += repeat;
        }
    }

    /** Reads a symbol. */
    int next(Vp8lBits in) throws IOException {
        if (symbols.length == 1) {
            return symbols[0] & 0xFFFF;
        }
        int bits = in.peek(LONGEST);
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code |= bits & 1;
            bits >>= 1;
            int count = counts[length];
            if (code - count < first) {
                in.skip(length);
                return symbols[index + code - first] & 0xFFFF;
            }
            index += count;
            first = first + count << 1;
            code <<= 1;
        }
        throw damaged();
    }
}
