package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as OpenSSL writes them. No message quotes such a file. */
final class PemFile {
    private static final int MOST_BYTES = 8 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    /** PKCS#8's beginning of an RSA key: version 0 and the algorithm's identifier. */
    private static final byte[] RSA = {
        2, 1, 0, 0x30, 0x0d, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };

    private record Block(String kind, byte[] content) {}

    private final String origin;
    private final List<Block> blocks;

    private PemFile(String origin, List<Block> blocks) {
        this.origin = origin;
        this.blocks = blocks;
    }

    /**
     * Reads a file.
     *
     * @param variable which names it, for messages
     * @throws InvalidInputException if it cannot be read or holds no certificate
     */
    static PemFile read(String variable, String name) {
        String origin = variable + " is " + name;
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text(origin, name));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
        }
        if (blocks.stream().noneMatch(block -> block.kind.equals("CERTIFICATE"))) {
            throw new InvalidInputException(
                    origin + ", which holds no certificate. Name a PEM file (-----BEGIN CERTIFICATE-----).");
        }
        return new PemFile(origin, blocks);
    }

    private static String text(String origin, String name) {
        try {
            Path file = Path.of(name);
            if (!Files.isRegularFile(file)) {
                throw new InvalidInputException(origin + ", which is no file. Name a PEM file.");
            }
            return new String(
                    UserText.narrow(file, PlainFiles.bytesBehindLinks(file, MOST_BYTES)), StandardCharsets.ISO_8859_1);
        } catch (IOException | InvalidPathException e) {
            throw new InvalidInputException(
                    origin + ", which cannot be read (" + Quoted.reason(e) + "). Name a PEM file and permit reading.",
                    e);
        }
    }

    /** Returns its certificates in order, at least one. */
    List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks) {
                if (block.kind.equals("CERTIFICATE")) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content)));
                }
            }
        } catch (CertificateException e) {
            throw new InvalidInputException(origin + ", which holds a damaged certificate. Make it anew.", e);
        }
        return certificates;
    }

    /**
     * Returns its key.
     *
     * @param algorithm of the certificate
     */
    PrivateKey key(String algorithm) {
        for (Block block : blocks) {
            if (block.kind.equals("PRIVATE KEY")) {
                return key(algorithm, block.content);
            }
            if (block.kind.equals("RSA PRIVATE KEY")) {
                return key(algorithm, sequence(concat(RSA, element(4, block.content))));
            }
        }
        throw new InvalidInputException(origin
                + ", which holds no key that can be used. Put the certificate and its key, unencrypted and in PKCS#8"
                + " (-----BEGIN PRIVATE KEY-----), into one file.");
    }

    private PrivateKey key(String algorithm, byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new InvalidInputException(origin
                    + ", whose key is damaged or not its certificate's. Put the certificate and its own key there.");
        }
    }

    private static byte[] sequence(byte[] content) {
        return element(0x30, content);
    }

    /** An element of ASN.1 in DER. */
    private static byte[] element(int tag, byte[] content) {
        byte[] head = content.length < 128
                ? new byte[] {(byte) tag, (byte) content.length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (content.length >> 8), (byte) content.length};
        return concat(head, content);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(one);
        both.writeBytes(other);
        return both.toByteArray();
    }
}
