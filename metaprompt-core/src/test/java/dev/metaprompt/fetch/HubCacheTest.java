package dev.metaprompt.fetch;

import static dev.metaprompt.fetch.Fetching.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.fetch.Fetching.Heard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models found on this machine, and what is told when they are not and the network is forbidden. */
class HubCacheTest {
    private static final String COMMIT = "a".repeat(40);
    private static final List<String> WHOLE = List.of("config.json", "model.safetensors", "tokenizer.json");

    @TempDir
    Path folder;

    private final Heard heard = new Heard();
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void noNetwork() {
        environment.put("HOME", folder.toString());
        environment.put("HF_ENDPOINT", "http://127.0.0.1:9");
    }

    private Path find(String id, boolean offline) {
        return new Hub(environment, folder.resolve("cache"), offline, new Download(Fetching.FAST)).find(id, heard);
    }

    private static Path snapshot(Path hub, String model, String commit, List<String> files) throws IOException {
        Path folder = hub.resolve("models--" + model).resolve("snapshots").resolve(commit);
        Files.createDirectories(folder);
        for (String file : files) {
            Files.writeString(folder.resolve(file), file);
        }
        return folder;
    }

    private static void ref(Path hub, String model, String revision, String commit) throws IOException {
        Path ref = hub.resolve("models--" + model).resolve("refs").resolve(revision);
        Files.createDirectories(ref.getParent());
        Files.writeString(ref, commit);
    }

    @ParameterizedTest
    @CsvSource({
        "HF_HUB_CACHE, x, x",
        "HF_HOME, x, x/hub",
        "XDG_CACHE_HOME, x, x/huggingface/hub",
        "UNSET, x, .cache/huggingface/hub"
    })
    void looksWhereHuggingFaceKeepsIt(String variable, String value, String place) throws IOException {
        environment.put(variable, folder.resolve(value).toString());
        Path hub = folder.resolve(place);
        Path model = snapshot(hub, "org--clip", COMMIT, WHOLE);
        ref(hub, "org--clip", "main", COMMIT + "\n");
        assertEquals(model, find("org/clip", true));
        assertEquals(model, find("org/clip@" + COMMIT, true));
        assertFalse(Files.exists(folder.resolve("cache")), "nothing of ours is made");
    }

    @Test
    void ourOwnPlaceComesLast() throws IOException {
        environment.put("HF_HUB_CACHE", "~/mine");
        environment.put("HF_HOME", folder.resolve("other").toString());
        Path model = snapshot(folder.resolve("mine"), "org--clip", COMMIT, WHOLE);
        assertEquals(model, find("org/clip@" + COMMIT, true));
    }

    @Test
    void aKnownModelIsPreferredAtItsCommit() throws IOException {
        Path hub = folder.resolve(".cache/huggingface/hub");
        String name = "openai--clip-vit-base-patch16";
        Path main = snapshot(hub, name, COMMIT, WHOLE);
        ref(hub, name, "main", COMMIT);
        assertEquals(main, find("openai/clip-vit-base-patch16", true));
        assertTrue(heard.told("uses commit " + COMMIT), heard.phases.toString());
        Path known = snapshot(hub, name, "57c216476eefef5ab752ec549e440a49ae4ae5f3", WHOLE);
        assertEquals(known, find("openai/clip-vit-base-patch16", true));
    }

    @Test
    void aLinkToNothingIsMissing() throws IOException {
        Path hub = folder.resolve(".cache/huggingface/hub");
        Path model = snapshot(hub, "org--clip", COMMIT, List.of("config.json", "tokenizer.json"));
        Files.createSymbolicLink(model.resolve("model.safetensors"), Path.of("../../blobs/gone"));
        String message = fails(() -> find("org/clip@" + COMMIT, true));
        assertTrue(
                message.startsWith("model org/clip@" + COMMIT + ": model.safetensors is missing in " + model), message);
        assertTrue(message.contains("the network is off (-o, or offline is true)"), message);
        assertTrue(message.contains("metaprompt:prepare"), message);
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        Path hub = folder.resolve(".cache/huggingface/hub");
        Path model = snapshot(hub, "org--clip", COMMIT, List.of("config.json", "tokenizer.json", "one.safetensors"));
        Files.writeString(
                model.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}");
        String message = fails(() -> find("org/clip@" + COMMIT, true));
        assertTrue(message.contains(": two.safetensors is missing"), message);
        Files.writeString(model.resolve("two.safetensors"), "x");
        assertEquals(model, find("org/clip@" + COMMIT, true));
    }

    @Test
    void withoutATokenizerItWillDoWhereThereIsNoNetwork() throws IOException {
        Path hub = folder.resolve(".cache/huggingface/hub");
        Path model =
                snapshot(hub, "org--clip", COMMIT, List.of("open_clip_config.json", "open_clip_model.safetensors"));
        assertEquals(model, find("org/clip@" + COMMIT, true));
        Files.writeString(model.resolve("vocab.json"), "{}");
        Files.writeString(model.resolve("merges.txt"), "");
        assertEquals(model, find("org/clip@" + COMMIT, false), "with vocabulary and merges it is whole");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "TRUE", "yes", "On"})
    void theEnvironmentForbidsTheNetwork(String value) {
        environment.put("HF_HUB_OFFLINE", value);
        String message = fails(() -> find("org/clip", false));
        assertTrue(message.contains("config.json, model.safetensors, tokenizer.json is missing"), message);
        assertTrue(message.contains("HF_HUB_OFFLINE is set"), message);
        assertTrue(message.contains(folder.resolve("cache").resolve("models").toString()), message);
    }

    /** Editors write them so: without the token a private model would be said not to exist. */
    @Test
    void aTokenOrRefInAnotherEncodingIsNamed() throws IOException {
        Path hub = folder.resolve(".cache/huggingface/hub");
        snapshot(hub, "org--clip", COMMIT, WHOLE);
        ref(hub, "org--clip", "main", COMMIT);
        Path token = hub.resolveSibling("token");
        Files.write(token, "hf_abc".getBytes(StandardCharsets.UTF_16LE));
        assertTrue(fails(() -> find("org/clip", true)).contains(token + " is UTF-16 text"));
        Files.delete(token);
        Path ref = hub.resolve("models--org--clip/refs/main");
        Files.write(ref, COMMIT.getBytes(StandardCharsets.UTF_16));
        assertTrue(fails(() -> find("org/clip", true)).contains(ref + " is UTF-16 text"));
    }

    @Test
    void zeroForbidsNothing() {
        environment.put("HF_HUB_OFFLINE", "0");
        String message = fails(() -> find("org/clip", false));
        assertTrue(message.contains("4 tries failed"), message);
    }
}
