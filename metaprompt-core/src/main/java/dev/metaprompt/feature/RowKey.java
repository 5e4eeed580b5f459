package dev.metaprompt.feature;

import dev.metaprompt.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;

/** What a kept row is found by: the SHA-256 of all that decides its value, as four numbers. */
record RowKey(long a, long b, long c, long d) implements Comparable<RowKey> {
    /** Numbers of a key. */
    static final int LONGS = 4;

    private static final Comparator<RowKey> ORDER = Comparator.comparingLong(RowKey::a)
            .thenComparingLong(RowKey::b)
            .thenComparingLong(RowKey::c)
            .thenComparingLong(RowKey::d);

    static RowKey of(String... parts) {
        MessageDigest digest = Sha256.begin();
        for (String part : parts) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
        return new RowKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    @Override
    public int compareTo(RowKey other) {
        return ORDER.compare(this, other);
    }
}
