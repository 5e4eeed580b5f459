package dev.metaprompt.fetch;

import dev.metaprompt.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A home folder with the hub's cache in it, and a hub whose answers are taken from a file. */
public final class HubFiles {
    private static final String ID = "org/clip";
    private static final String MODEL = "home/.cache/huggingface/hub/models--org--clip/";
    private static final String SNAPSHOT = MODEL + "snapshots/" + FakeHub.COMMIT + "/";

    /** Where the cache has the list of a model's weights. */
    public static final String INDEX = SNAPSHOT + ModelFiles.INDEX;

    /** Where the cache has the commit of a model. */
    public static final String REF = MODEL + "refs/main";

    /** Where the token lies. */
    public static final String TOKEN = "home/.cache/huggingface/token";

    /** What a hub answers. */
    public static final String LISTING =
            "{\"sha\": \"" + FakeHub.COMMIT + "\", \"siblings\": [{\"rfilename\": \"config.json\"}]}";

    private HubFiles() {}

    /** Writes a cache that has a model's description without its weights. */
    public static void cache(Path root) throws IOException {
        Path snapshot = Files.createDirectories(root.resolve(SNAPSHOT));
        Files.writeString(snapshot.resolve("config.json"), "{}");
        Files.writeString(snapshot.resolve("tokenizer.json"), "{}");
        Files.writeString(snapshot.resolve(ModelFiles.INDEX), "{\"weight_map\": {\"x\": \"one.safetensors\"}}");
        Path refs = Files.createDirectories(root.resolve(MODEL + "refs"));
        Files.writeString(refs.resolve("main"), FakeHub.COMMIT);
    }

    /** Looks for the model without a network; {@code name} is where {@code file} lies below the root. */
    public static void find(Path file, String name) {
        Path root = file;
        for (int i = 0; i < Path.of(name).getNameCount(); i++) {
            root = root.getParent();
        }
        find(root, Map.of("HOME", root.resolve("home").toString(), "HF_HUB_OFFLINE", "1"));
    }

    private static void find(Path root, Map<String, String> environment) {
        new Hub(environment, root.resolve("cache"), false, new Download(Fetching.HASTY)).find(ID, Progress.SILENT);
    }

    /** Takes the file for a hub's list of files. */
    public static void listing(Path file) throws IOException {
        byte[] listing = Files.readAllBytes(plain(file));
        try (TestServer server = new TestServer((seen, wire) -> {
            if (seen.path().contains("/revision/")) {
                wire.head(200, "Content-Length: " + listing.length, "Content-Type: application/json");
                wire.bytes(listing, 0, listing.length);
            } else {
                wire.status(404);
            }
        })) {
            ask(file, server.uri("").toString());
        }
    }

    /** Takes the file for the list of weights that a hub serves. */
    public static void index(Path file) throws IOException {
        try (FakeHub hub = new FakeHub()) {
            hub.files.remove("model.safetensors");
            hub.files.put(ModelFiles.INDEX, Files.readAllBytes(plain(file)));
            ask(file, hub.endpoint());
        }
    }

    /** Takes the file's first line for the address that a hub redirects to. */
    public static void redirect(Path file) throws IOException {
        String address = Files.readString(plain(file), StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("");
        try (TestServer server = new TestServer((seen, wire) -> wire.status(302, "Location: " + address))) {
            ask(file, server.uri("").toString());
        }
    }

    // These are servers' answers: that no pipe is read is for the readers of files to show.
    private static Path plain(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new dev.metaprompt.InvalidInputException("no answer");
        }
        return file;
    }

    private static void ask(Path file, String endpoint) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", file.resolveSibling("home").toString());
        environment.put("HF_ENDPOINT", endpoint);
        find(file.getParent(), environment);
    }
}
