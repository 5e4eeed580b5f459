package dev.metaprompt;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, by which files are recognised. */
public final class Sha256 {
    private Sha256() {}

    /**
     * Begins a digest.
     *
     * @return a digest of nothing yet
     */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Ends a digest.
     *
     * @param digest what was fed; empty afterwards
     * @return 64 lower-case hexadecimal digits
     */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Digests the digest of bytes, as the ids of cells and experiments have been made from the beginning.
     *
     * @param bytes the bytes
     * @return 64 lower-case hexadecimal digits
     */
    public static String twice(byte[] bytes) {
        return hex(begin().digest(bytes));
    }

    /**
     * Digests bytes.
     *
     * @param bytes the bytes
     * @return 64 lower-case hexadecimal digits
     */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(begin().digest(bytes));
    }
}
