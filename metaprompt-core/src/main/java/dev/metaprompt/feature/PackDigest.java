package dev.metaprompt.feature;

import dev.metaprompt.Sha256;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Verifies the digest that a file states of itself: of all its bytes, with zeros in the digest's place. */
final class PackDigest {
    private PackDigest() {}

    static void require(Path file, String stated) {
        if (stated == null || !stated.matches("[0-9a-f]{64}")) {
            throw PackChecks.bad(file, "states no digest of its content");
        }
        String found;
        try (DataInputStream in = new DataInputStream(PlainFiles.readBehindLinks(file))) {
            found = digest(in, stated);
        } catch (IOException e) {
            throw PackChecks.bad(file, "cannot be read: " + Quoted.reason(e));
        }
        if (!found.equals(stated)) {
            throw PackChecks.bad(
                    file,
                    "was changed since it was made: its content has the digest " + found + ", it states " + stated);
        }
    }

    // The header's length was checked when the file was opened.
    private static String digest(DataInputStream in, String stated) throws IOException {
        byte[] length = in.readNBytes(Long.BYTES);
        byte[] header = in.readNBytes(
                (int) Long.reverseBytes(java.nio.ByteBuffer.wrap(length).getLong()));
        String text = new String(header, StandardCharsets.ISO_8859_1);
        String zeroed = text.replaceFirst('"' + stated + '"', '"' + StreamedTensors.OWN_DIGEST + '"');
        MessageDigest digest = Sha256.begin();
        digest.update(length);
        digest.update(zeroed.getBytes(StandardCharsets.ISO_8859_1));
        update(digest, in);
        return Sha256.hex(digest);
    }

    private static void update(MessageDigest digest, InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            digest.update(buffer, 0, count);
        }
    }
}
