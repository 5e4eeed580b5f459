package dev.metaprompt.fetch;

import dev.metaprompt.io.PlainFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What a file's bytes must digest to.
 *
 * @param kind how it is computed
 * @param hex lower-case hexadecimal digits, as many as the kind has
 */
public record Digest(Kind kind, String hex) {
    /** How a digest is computed. */
    public enum Kind {
        /** SHA-256 of the bytes. */
        SHA256("SHA-256", "SHA-256", 64),
        /** MD5 of the bytes: guards against accidents only, for publishers who give nothing better. */
        MD5("MD5", "MD5", 32),
        /** Git's object name of a file: SHA-1 of {@code blob <size>\0} and the bytes. */
        GIT_BLOB("git blob SHA-1", "SHA-1", 40);

        private final String words;
        private final String algorithm;
        private final int digits;

        Kind(String words, String algorithm, int digits) {
            this.words = words;
            this.algorithm = algorithm;
            this.digits = digits;
        }
    }

    /**
     * Checks the digits.
     *
     * @throws IllegalArgumentException if they are not as many hexadecimal digits as the kind has
     */
    public Digest {
        hex = hex.toLowerCase(Locale.ROOT);
        if (!hex.matches("[0-9a-f]{" + kind.digits + "}")) {
            throw new IllegalArgumentException(kind.words + " has " + kind.digits + " hexadecimal digits, not " + hex);
        }
    }

    /**
     * Expects a SHA-256.
     *
     * @param hex 64 hexadecimal digits
     * @return the digest
     */
    public static Digest sha256(String hex) {
        return new Digest(Kind.SHA256, hex);
    }

    /**
     * Expects an MD5.
     *
     * @param hex 32 hexadecimal digits
     * @return the digest
     */
    public static Digest md5(String hex) {
        return new Digest(Kind.MD5, hex);
    }

    /**
     * Expects git's object name.
     *
     * @param hex 40 hexadecimal digits
     * @return the digest
     */
    public static Digest gitBlob(String hex) {
        return new Digest(Kind.GIT_BLOB, hex);
    }

    /**
     * Digests a file.
     *
     * @param kind how
     * @param file read to its end
     * @return its digest
     * @throws IOException if it cannot be read
     */
    public static Digest of(Kind kind, Path file) throws IOException {
        MessageDigest digest = begin(kind);
        if (kind == Kind.GIT_BLOB) {
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = PlainFiles.readBehindLinks(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return new Digest(kind, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest begin(Kind kind) {
        try {
            return MessageDigest.getInstance(kind.algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + kind.algorithm, e);
        }
    }

    @Override
    public String toString() {
        return kind.words + " " + hex;
    }
}
