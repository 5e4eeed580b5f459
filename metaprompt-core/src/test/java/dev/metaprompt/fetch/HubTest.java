package dev.metaprompt.fetch;

import static dev.metaprompt.fetch.Fetching.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.fetch.Fetching.Heard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models fetched from a hub on loopback. */
class HubTest {
    @TempDir
    Path folder;

    private final Heard heard = new Heard();
    private final Map<String, String> environment = new HashMap<>();
    private FakeHub fake;

    @BeforeEach
    void start() throws IOException {
        fake = new FakeHub();
        environment.put("HOME", folder.resolve("home").toString());
        environment.put("HF_ENDPOINT", fake.endpoint() + "/");
    }

    @AfterEach
    void stop() throws IOException {
        fake.close();
    }

    private Path find(String id) {
        return new Hub(environment, folder.resolve("cache"), false, new Download(Fetching.FAST)).find(id, heard);
    }

    private static TreeSet<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            TreeSet<String> names = new TreeSet<>();
            files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .forEach(names::add);
            return names;
        }
    }

    @Test
    void fetchesDescriptionAndOneSetOfWeights() throws IOException {
        Path model = find("org/clip");
        assertEquals(
                folder.resolve("cache").resolve("models").resolve("org--clip").resolve(FakeHub.COMMIT), model);
        assertEquals(
                new TreeSet<>(List.of("config.json", "fetched.json", "model.safetensors", "tokenizer.json")),
                names(model));
        assertArrayEquals(fake.files.get("model.safetensors"), Files.readAllBytes(model.resolve("model.safetensors")));
        assertTrue(heard.told("model org/clip: 3 files, 40 kB, from 127.0.0.1 to "), heard.phases.toString());
        String list = Files.readString(model.resolve("fetched.json"));
        assertTrue(list.contains("git blob SHA-1 " + FakeHub.gitBlob(fake.files.get("config.json"))), list);
        assertTrue(
                list.contains(
                        Fetching.digest(fake.files.get("model.safetensors")).toString()),
                list);
        assertEquals("/api/models/org/clip/revision/main", fake.hub.seen.get(0).path());
    }

    /** Who opens the model must see what it does not understand; what is no plain name is not fetched. */
    @Test
    void fetchesWhatMaySayHowImagesArePrepared() throws IOException {
        List<String> wanted = List.of(
                "preprocessor_config.json", "processor_config.json", "image_processor_config.json", "transforms.yaml");
        List<String> others = List.of("preprocess.py", "sub/preprocessor_config.json", ".processor.json", "README.md");
        wanted.forEach(name -> fake.files.put(name, "{}".getBytes(StandardCharsets.UTF_8)));
        others.forEach(name -> fake.files.put(name, "{}".getBytes(StandardCharsets.UTF_8)));
        TreeSet<String> expected =
                new TreeSet<>(List.of("config.json", "fetched.json", "model.safetensors", "tokenizer.json"));
        expected.addAll(wanted);
        assertEquals(expected, names(find("org/clip")));
    }

    /**
     * Earlier versions fetched nothing of transformers 5; without the network no model of theirs is as good as unsaid.
     */
    @Test
    void aModelOfAnEarlierVersionSaysHowToLookForWhatWasLeftOut() throws IOException {
        Path model = find("org/clip");
        Path list = model.resolve("fetched.json");
        assertFalse(heard.told("warning: "), heard.phases.toString());
        Files.writeString(list, Files.readString(list).replaceFirst("\"choice\": 1,", ""));
        fake.files.put("processor_config.json", "{}".getBytes(StandardCharsets.UTF_8));
        int asked = fake.hub.seen.size();
        assertEquals(model, find("org/clip"));
        assertEquals(asked, fake.hub.seen.size());
        assertTrue(heard.told("warning: model org/clip: was fetched by an earlier version"), heard.phases.toString());
        String warning = heard.phases.stream()
                .filter(line -> line.startsWith("warning: "))
                .findFirst()
                .orElseThrow();
        assertFalse(warning.contains(folder.toString()), "records of runs keep warnings");
        String advice = warning.replaceFirst(".* delete (\\S+) in the cache folder where there is a network.*", "$1");
        assertEquals(list, folder.resolve("cache").resolve(advice));
        Files.delete(list);
        assertEquals(model, find("org/clip"));
        assertTrue(Files.isRegularFile(model.resolve("processor_config.json")));
    }

    @Test
    void aModelOfOpenClipThatSaysHowImagesArePreparedLacksNothing() throws IOException {
        String says = "{\"preprocess_cfg\":{\"mean\":[0,0,0]}}";
        fake.files.put("open_clip_config.json", says.getBytes(StandardCharsets.UTF_8));
        Path model = find("org/clip");
        Path list = model.resolve("fetched.json");
        Files.writeString(list, Files.readString(list).replaceFirst("\"choice\": 1,", ""));
        assertEquals(model, find("org/clip"));
        assertFalse(heard.told("warning: "), heard.phases.toString());
        Files.writeString(model.resolve("open_clip_config.json"), says.replace("preprocess_cfg", "preprocess_xyz"));
        assertEquals(model, find("org/clip"));
        assertTrue(heard.told("warning: "), heard.phases.toString());
    }

    @Test
    void aWholeModelNeedsNoNetworkAndKeepsItsCommit() throws IOException {
        Path first = find("org/clip");
        int asked = fake.hub.seen.size();
        fake.commit = "f".repeat(40);
        assertEquals(first, find("org/clip"));
        assertEquals(first, find("org/clip@" + FakeHub.COMMIT));
        assertEquals(asked, fake.hub.seen.size());
        assertEquals("f".repeat(40), find("org/clip@v2").getFileName().toString());
    }

    @Test
    @Timeout(60)
    void twoAtOnceFetchOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Path> one = threads.submit(() -> find("org/clip"));
            Future<Path> two = threads.submit(() -> find("org/clip"));
            assertEquals(one.get(), two.get());
        } finally {
            threads.shutdownNow();
        }
        assertEquals(1, fake.storage.count("GET"));
        assertEquals(
                1,
                fake.hub.seen.stream()
                        .filter(seen -> seen.path().contains("/revision/"))
                        .count());
    }

    @Test
    void aDamagedModelIsRepaired() throws IOException {
        Path model = find("org/clip");
        Files.write(model.resolve("model.safetensors"), new byte[5]);
        Files.delete(model.resolve("config.json"));
        find("org/clip");
        assertArrayEquals(fake.files.get("model.safetensors"), Files.readAllBytes(model.resolve("model.safetensors")));
        assertTrue(Files.exists(model.resolve("config.json")));
    }

    @Test
    void fetchesShardsByTheirIndex() throws IOException {
        fake.files.remove("model.safetensors");
        fake.files.put("model-00001-of-00002.safetensors", Fetching.bytes(20_000));
        fake.files.put("model-00002-of-00002.safetensors", Fetching.bytes(21_000));
        fake.files.put(
                "model.safetensors.index.json",
                "{\"weight_map\":{\"b\":\"model-00002-of-00002.safetensors\",\"a\":\"model-00001-of-00002.safetensors\",\"c\":\"model-00002-of-00002.safetensors\"}}"
                        .getBytes(StandardCharsets.UTF_8));
        Path model = find("org/clip");
        assertTrue(names(model)
                .containsAll(List.of(
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json")));
        assertFalse(names(model).contains("pytorch_model.bin"));
        assertTrue(heard.told("model org/clip: 5 files, 41 kB"), heard.phases.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../evil.safetensors", "/etc/evil.safetensors", "a\\\\b.safetensors", "evil.py"})
    void shardsCannotLeaveTheFolder(String shard) throws IOException {
        fake.files.remove("model.safetensors");
        fake.files.put(
                "model.safetensors.index.json",
                ("{\"weight_map\":{\"a\":\"" + shard + "\"}}").getBytes(StandardCharsets.UTF_8));
        String message = fails(() -> find("org/clip"));
        assertTrue(message.contains("no file name of safetensors"), message);
    }

    @Test
    void refusesBytesThatAreNotTheHubs() {
        byte[] weights = fake.files.get("model.safetensors");
        fake.storage.seen.clear();
        fake.altered = true;
        String message = fails(() -> find("org/clip"));
        assertTrue(message.contains("expected is " + Fetching.digest(weights).hex()), message);
        fake.altered = false;
        find("org/clip");
    }

    @Test
    void theTokenGoesToTheHubAndNotToItsStorage() {
        fake.token = "hf_very_secret";
        environment.put("HF_TOKEN", "hf_very_secret\n");
        find("org/clip");
        assertTrue(fake.storage.seen.size() > 0);
        fake.storage.seen.forEach(seen -> assertNull(seen.header("Authorization")));
        assertFalse(heard.told("secret"));
    }

    @Test
    void readsTheTokenOfHuggingFacesLogin() throws IOException {
        fake.token = "hf_very_secret";
        Path home = folder.resolve("hf");
        Files.createDirectories(home);
        Files.writeString(home.resolve("token"), "hf_very_secret\n");
        environment.put("HF_HOME", home.toString());
        find("org/clip");
    }

    @Test
    void tellsWhatToDoWithoutOrWithAWrongToken() {
        fake.token = "hf_right";
        environment.put("HF_TOKEN", "hf_very_wrong");
        String message = fails(() -> find("org/clip"));
        assertTrue(message.contains("401") && message.contains("set HF_TOKEN"), message);
        assertFalse(message.contains("hf_very_wrong"), message);
        environment.put("HF_TOKEN", "hf very\u0001wrong");
        message = fails(() -> find("org/clip"));
        assertTrue(message.startsWith("HF_TOKEN"), message);
        assertFalse(message.contains("very"), message);
    }

    @Test
    void tellsThatTheHubHasNoSuchModel() {
        String message = fails(() -> find("org/clop"));
        assertTrue(message.contains("404") && message.contains("Check the name org/clop"), message);
    }

    @Test
    void tellsThatItIsNoClip() {
        fake.files.remove("model.safetensors");
        fake.files.remove("pytorch_model.bin");
        assertTrue(fails(() -> find("org/clip")).contains("has no weights"));
        fake.files.remove("config.json");
        assertTrue(fails(() -> find("org/clip")).contains("has no config.json or open_clip_config.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "nonsense{", "{\"sha\":\"../..\",\"siblings\":[]}", "{\"sha\":null}", ""})
    void anAnswerThatIsNoListingIsTold(String answer) throws IOException {
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        try (TestServer server = new TestServer((seen, wire) -> {
            wire.head(200, "Content-Length: " + bytes.length);
            wire.bytes(bytes, 0, bytes.length);
        })) {
            environment.put("HF_ENDPOINT", server.uri("").toString());
            String message = fails(() -> find("org/clip"));
            assertTrue(message.contains("Check HF_ENDPOINT"), message);
        }
    }

    /** A hub that sends without end, once announced and once not. */
    @ParameterizedTest
    @ValueSource(strings = {"listing", "config.json", "announced"})
    void whatHasNoEndIsNotTaken(String what) throws IOException {
        byte[] some = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
        byte[] listing = ("{\"sha\":\"" + FakeHub.COMMIT + "\",\"siblings\":[{\"rfilename\":\"config.json\"},"
                        + "{\"rfilename\":\"model.safetensors\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        long end = 160L << 20;
        try (TestServer server = new TestServer((seen, wire) -> {
            boolean list = seen.path().startsWith("/api/");
            if (seen.method().equals("HEAD") || list && !what.equals("listing")) {
                wire.head(200, list ? "Content-Length: " + listing.length : "Content-Type: text/plain");
                wire.bytes(listing, 0, list ? listing.length : 0);
                return;
            }
            wire.head(200, what.equals("announced") ? "Content-Length: " + (end + listing.length) : "X: y");
            for (long sent = 0; sent < end; sent += some.length) {
                wire.bytes(some, 0, some.length);
            }
            wire.bytes(listing, 0, listing.length);
        })) {
            environment.put("HF_ENDPOINT", server.uri("").toString());
            String message = fails(() -> find("org/clip"));
            assertTrue(message.contains("more than the 17 MB") || message.contains("more than the 67 MB"), message);
            assertTrue(server.served.get() < end * 3 / 4, server.served + " bytes were taken");
        }
        try (Stream<Path> left = Files.walk(folder.resolve("cache"))) {
            assertEquals(
                    List.of(),
                    left.filter(file -> Files.isRegularFile(file)
                                    && !file.getFileName().toString().endsWith(".lock"))
                            .toList());
        }
    }

    @Test
    void anEndpointWithAPasswordIsRefusedWithoutTellingIt() {
        environment.put("HF_ENDPOINT", "https://me:geheim@hub.example");
        String message = fails(() -> find("org/clip"));
        assertTrue(message.startsWith("HF_ENDPOINT"), message);
        assertFalse(message.contains("geheim"), message);
    }

    @Test
    void knownModelsAreAskedForByCommit() {
        String message = fails(() -> find("openai/clip-vit-base-patch16"));
        assertTrue(message.contains("404"), message);
        assertTrue(
                fake.hub.seen.get(0).path().matches("/api/models/openai/clip-vit-base-patch16/revision/[0-9a-f]{40}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clip",
                "a/b/c",
                "../b",
                "a/..",
                "a/b@../main",
                "a/b@",
                "/a/b",
                "a\\b",
                "a--b/c",
                "a/b\n",
                "a/b?x",
                "a/b@x/../y"
            })
    void refusesWhatIsNoId(String id) {
        String message = fails(() -> find(id));
        assertTrue(message.startsWith("model: ") && message.contains("is no hub id"), message);
        assertEquals(0, fake.hub.seen.size());
    }
}
