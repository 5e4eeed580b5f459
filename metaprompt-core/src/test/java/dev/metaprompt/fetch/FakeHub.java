package dev.metaprompt.fetch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A hub on loopback with one model: large files have X-Linked-Etag and are served by another server without a token,
 * small ones by the hub itself, as the real hub does.
 */
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final int LARGE = 10_000;

    /** File contents by name; a test may change them. */
    final Map<String, byte[]> files = new LinkedHashMap<>();
    /** What the listing gives as commit. */
    String commit = COMMIT;
    /** If set, only requests with this token are answered. */
    String token = "";

    /** Whether the storage serves wrong bytes. */
    volatile boolean altered;

    final TestServer storage;
    final TestServer hub;

    FakeHub() throws IOException {
        storage = new TestServer((seen, wire) -> wire.file(seen, stored(seen.path()), "\"cdn\""));
        hub = new TestServer(this::answer);
        files.put("README.md", "no".getBytes(StandardCharsets.UTF_8));
        files.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
        files.put("tokenizer.json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        files.put("metaprompt.yaml", "evil: true".getBytes(StandardCharsets.UTF_8));
        files.put("pytorch_model.bin", Fetching.bytes(30_000));
        files.put("model.safetensors", Fetching.bytes(40_000));
    }

    private byte[] content(String path) {
        return files.get(path.substring(path.lastIndexOf('/') + 1));
    }

    private byte[] stored(String path) {
        byte[] bytes = content(path).clone();
        bytes[100] ^= (byte) (altered ? 1 : 0);
        return bytes;
    }

    private void answer(TestServer.Seen seen, TestServer.Wire wire) throws IOException {
        if (!token.isEmpty() && !("Bearer " + token).equals(seen.header("Authorization"))) {
            wire.status(401, "Content-Type: application/json");
        } else if (seen.path().startsWith("/api/models/org/clip/revision/")) {
            byte[] listing = listing().getBytes(StandardCharsets.UTF_8);
            wire.head(200, "Content-Length: " + listing.length, "Content-Type: application/json");
            wire.bytes(listing, 0, listing.length);
        } else if (seen.path().startsWith("/org/clip/resolve/" + commit + "/") && content(seen.path()) != null) {
            file(seen, wire, content(seen.path()));
        } else {
            wire.status(404);
        }
    }

    private String listing() {
        return files.keySet().stream()
                .map(name -> "{\"rfilename\":\"" + name + "\"}")
                .collect(Collectors.joining(",", "{\"sha\":\"" + commit + "\",\"siblings\":[", "]}"));
    }

    private void file(TestServer.Seen seen, TestServer.Wire wire, byte[] bytes) throws IOException {
        if (bytes.length >= LARGE) {
            wire.status(
                    302,
                    "X-Linked-Etag: \"" + Fetching.digest(bytes).hex() + "\"",
                    "X-Linked-Size: " + bytes.length,
                    "Location: " + storage.uri(seen.path()));
        } else {
            wire.file(seen, bytes, "\"" + gitBlob(bytes) + "\"");
        }
    }

    /** Git's name of a file, computed here by the JDK alone. */
    static String gitBlob(byte[] bytes) {
        try {
            java.security.MessageDigest sha1 = java.security.MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII));
            return java.util.HexFormat.of().formatHex(sha1.digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String endpoint() {
        return hub.uri("").toString();
    }

    @Override
    public void close() throws IOException {
        hub.close();
        storage.close();
    }
}
