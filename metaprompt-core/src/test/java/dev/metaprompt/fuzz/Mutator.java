package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Damages bytes in the ways that break readers. */
final class Mutator {
    private static final int MOST_BYTES = 1 << 20;
    private static final long[] EXTREMES = {
        0,
        1,
        -1,
        127,
        128,
        255,
        256,
        32767,
        32768,
        65535,
        65536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 31,
        (1L << 32) - 1,
        1L << 32,
        1L << 53,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        99_999_999,
        100_000_001
    };
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-1",
            "1e999",
            "-1e999",
            "NaN",
            "Infinity",
            "1e-999",
            "0.1",
            "00",
            "1e400000000",
            "2147483647",
            "2147483648",
            "-2147483649",
            "4294967296",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551616",
            "1".repeat(400),
            "0x10",
            "1_000",
            "+1",
            "1.",
            ".5",
            "٣");
    private static final List<String> TEXTS = List.of(
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\n",
            "\r\n",
            "\u0000",
            "null",
            "true",
            "false",
            "\"\"",
            "[]",
            "{}",
            "\\u0000",
            "\\ud800",
            "\u2028",
            "\uFEFF",
            "../",
            "/",
            "..\\",
            "C:\\",
            "file:///etc/passwd",
            "%00",
            "&a",
            "*a",
            "!!javax.script.ScriptEngineManager",
            "<<: *a",
            "---",
            "- ",
            ": ",
            "#",
            "\t",
            "é",
            "\uD83D\uDE00",
            "${sys:user.home}",
            "${env:HOME}",
            "@include",
            "include = x");

    private final RandomStream random;
    private final List<byte[]> others;

    Mutator(RandomStream random, List<byte[]> others) {
        this.random = random;
        this.others = others;
    }

    /** Returns a copy with one to eight damages, most often few. */
    byte[] mutate(byte[] content) {
        byte[] bytes = content.clone();
        int count = 1 + random.nextInt(1 + random.nextInt(8));
        for (int i = 0; i < count; i++) {
            bytes = once(bytes);
        }
        return bytes.length <= MOST_BYTES ? bytes : Arrays.copyOf(bytes, MOST_BYTES);
    }

    private byte[] once(byte[] bytes) {
        return switch (random.nextInt(12)) {
            case 0 -> flipBit(bytes);
            case 1 -> setByte(bytes);
            case 2 -> Arrays.copyOf(bytes, at(bytes));
            case 3 -> splice(bytes, random.nextInt(bytes.length + 1), at(bytes), noise(1 + random.nextInt(16)));
            case 4 -> cut(bytes);
            case 5 -> repeat(bytes);
            case 6 -> swap(bytes);
            case 7 -> cross(bytes);
            case 8 -> extreme(bytes);
            case 9, 10 -> number(bytes);
            default -> insert(bytes, text(TEXTS));
        };
    }

    private int at(byte[] bytes) {
        return random.nextInt(bytes.length + 1);
    }

    private byte[] flipBit(byte[] bytes) {
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private byte[] setByte(byte[] bytes) {
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) EXTREMES[random.nextInt(EXTREMES.length)];
        }
        return bytes;
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (byte) random.nextInt(256);
        }
        return noise;
    }

    private byte[] insert(byte[] bytes, byte[] what) {
        int position = at(bytes);
        return splice(bytes, position, position, what);
    }

    /** Replaces what lies between two positions, in whatever order they come. */
    private static byte[] splice(byte[] bytes, int one, int two, byte[] what) {
        int from = Math.min(one, two);
        int to = Math.max(one, two);
        return ByteBuffer.allocate(bytes.length - (to - from) + what.length)
                .put(bytes, 0, from)
                .put(what)
                .put(bytes, to, bytes.length - to)
                .array();
    }

    private byte[] cut(byte[] bytes) {
        int from = at(bytes);
        return splice(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(64)), new byte[0]);
    }

    private byte[] repeat(byte[] bytes) {
        int from = at(bytes);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(256));
        byte[] chunk = Arrays.copyOfRange(bytes, from, to);
        int times = 1 << random.nextInt(random.nextInt(10) == 0 ? 13 : 5);
        if ((long) chunk.length * times > MOST_BYTES) {
            return bytes;
        }
        ByteBuffer many = ByteBuffer.allocate(chunk.length * times);
        while (many.hasRemaining()) {
            many.put(chunk);
        }
        return splice(bytes, to, to, many.array());
    }

    private byte[] swap(byte[] bytes) {
        int length = 1 + random.nextInt(32);
        if (bytes.length < 2 * length) {
            return bytes;
        }
        int one = random.nextInt(bytes.length - length + 1);
        int two = random.nextInt(bytes.length - length + 1);
        byte[] kept = Arrays.copyOfRange(bytes, one, one + length);
        System.arraycopy(bytes, two, bytes, one, length);
        System.arraycopy(kept, 0, bytes, two, length);
        return bytes;
    }

    private byte[] cross(byte[] bytes) {
        byte[] other = others.get(random.nextInt(others.size()));
        int from = at(other);
        int to = Math.min(other.length, from + 1 + random.nextInt(Math.max(1, other.length)));
        int position = at(bytes);
        return splice(bytes, position, at(bytes), Arrays.copyOfRange(other, from, to));
    }

    /** Writes a number that lies about a length: 1, 2, 4 or 8 bytes, either end first. */
    private byte[] extreme(byte[] bytes) {
        int size = 1 << random.nextInt(4);
        if (bytes.length < size) {
            return bytes;
        }
        int position = random.nextInt(4) == 0
                ? random.nextInt(Math.min(64, bytes.length - size + 1))
                : random.nextInt(bytes.length - size + 1);
        long value = EXTREMES[random.nextInt(EXTREMES.length)] + random.nextInt(3) - 1;
        boolean little = random.nextInt(2) == 0;
        byte[] eight = ByteBuffer.allocate(8)
                .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .putLong(value)
                .array();
        System.arraycopy(eight, little ? 0 : 8 - size, bytes, position, size);
        return bytes;
    }

    /** Replaces a number that is written in digits. */
    private byte[] number(byte[] bytes) {
        int start = at(bytes);
        for (int i = start; i < bytes.length; i++) {
            if (isDigit(bytes[i])) {
                int end = i;
                while (end < bytes.length && (isDigit(bytes[end]) || bytes[end] == '.')) {
                    end++;
                }
                return splice(bytes, i, end, text(NUMBERS));
            }
        }
        return extreme(bytes);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private byte[] text(List<String> texts) {
        return texts.get(random.nextInt(texts.size())).getBytes(StandardCharsets.UTF_8);
    }
}
