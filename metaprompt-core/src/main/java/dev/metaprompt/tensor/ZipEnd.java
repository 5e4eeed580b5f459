package dev.metaprompt.tensor;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The end of a zip file, which says how long its list of entries is. Java's reader takes that list into memory whole
 * before anybody can ask how long it is, so this is read first.
 *
 * @param entries how many there are said to be
 * @param bytes the length of their list
 */
record ZipEnd(long entries, long bytes) {
    private static final int LENGTH = 22;
    private static final int SIGNATURE = 0x06054b50;
    private static final int ENTRIES = 10;
    private static final int BYTES = 12;
    private static final int COMMENT = 20;
    private static final int MOST_ENTRIES = 0xFFFF;
    private static final long MOST_BYTES = 0xFFFF_FFFFL;

    private static final int LOCATOR_LENGTH = 20;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_PLACE = 8;
    private static final int LARGE_LENGTH = 56;
    private static final int LARGE_SIGNATURE = 0x06064b50;
    private static final int LARGE_ENTRIES = 32;
    private static final int LARGE_BYTES = 40;

    /**
     * Reads the end.
     *
     * @param path a zip file without a comment behind its end, as PyTorch writes it; with one, readers may disagree on
     *     where the end begins
     * @return what it says; both numbers are at least 0
     * @throws IOException if it cannot be read, or has no such end
     */
    static ZipEnd of(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long place = file.length() - LENGTH;
            ByteBuffer end = read(file, place, LENGTH);
            if (end.getInt(0) != SIGNATURE || end.getShort(COMMENT) != 0) {
                throw new IOException("it does not end as a zip file without a comment does");
            }
            long entries = Short.toUnsignedInt(end.getShort(ENTRIES));
            long bytes = Integer.toUnsignedLong(end.getInt(BYTES));
            if (entries != MOST_ENTRIES && bytes != MOST_BYTES) {
                return new ZipEnd(entries, bytes);
            }
            return large(file, place, new ZipEnd(entries, bytes));
        }
    }

    /** The same in the form for large files, whose numbers do not fit into the usual one. */
    private static ZipEnd large(RandomAccessFile file, long end, ZipEnd usual) throws IOException {
        ByteBuffer locator = read(file, end - LOCATOR_LENGTH, LOCATOR_LENGTH);
        if (locator.getInt(0) != LOCATOR_SIGNATURE) {
            return usual;
        }
        ByteBuffer large = read(file, locator.getLong(LOCATOR_PLACE), LARGE_LENGTH);
        ZipEnd numbers = new ZipEnd(large.getLong(LARGE_ENTRIES), large.getLong(LARGE_BYTES));
        boolean agree = large.getInt(0) == LARGE_SIGNATURE
                && (usual.entries == MOST_ENTRIES || usual.entries == numbers.entries)
                && (usual.bytes == MOST_BYTES || usual.bytes == numbers.bytes);
        // of two that differ, another reader may believe the other
        if (!agree || numbers.entries < 0 || numbers.bytes < 0) {
            throw new IOException("its two ends do not agree");
        }
        return numbers;
    }

    private static ByteBuffer read(RandomAccessFile file, long place, int length) throws IOException {
        if (place < 0 || place > file.length() - length) {
            throw new IOException("its end is missing");
        }
        byte[] bytes = new byte[length];
        file.seek(place);
        file.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
