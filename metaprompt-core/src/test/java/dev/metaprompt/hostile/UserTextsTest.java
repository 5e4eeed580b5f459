package dev.metaprompt.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import dev.metaprompt.Golden;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.app.AppReaders;
import dev.metaprompt.clip.ClipConfig;
import dev.metaprompt.config.ClaimsFile;
import dev.metaprompt.config.ConfigFile;
import dev.metaprompt.config.MatrixFile;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.Datasets;
import dev.metaprompt.data.ShotDraws;
import dev.metaprompt.data.SplitChoice;
import dev.metaprompt.tensor.TensorFile;
import dev.metaprompt.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts of persons say the same whatever program saved them; and nobody reads a text in a way of their own. */
class UserTextsTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "metaprompt");

    /**
     * Readers of {@link Readers} whose files are no text, or are written and read by this program or a server alone.
     */
    private static final Set<String> NO_TEXTS = Set.of(
            "names of class folders themselves",
            "safetensors",
            "tensors",
            "names of weights",
            "checkpoint of PyTorch",
            "feature pack",
            "digest of a draw file",
            "image",
            "archive",
            "answer of a hub",
            "index from a hub",
            "redirect of a hub",
            "lines that a run goes on with",
            "lines that are replayed",
            "figures that are replayed",
            "tensors that are replayed",
            "another ledger",
            "a run's own ledger",
            "state of a mirror",
            "request of the plugin");

    @TempDir
    Path folder;

    /** What a reader makes of a file. */
    @FunctionalInterface
    interface Meaning {
        Object of(Path file) throws Exception;
    }

    /**
     * A text and its reader.
     *
     * @param name of what is read
     * @param file below a folder of its own
     * @param prepare writes what must lie beside it
     * @param text with {@code \n} at the end of each line
     * @param meaning what the reader makes of it
     */
    record Sample(String name, String file, Reader.Step prepare, String text, Meaning meaning) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sample> samples() throws IOException {
        String vocabulary =
                "{\"a\": 0,\n \"b</w>\": 1, \"ab</w>\": 2,\n \"<|startoftext|>\": 3, \"<|endoftext|>\": 4}\n";
        String merges = "#version: 0.2\na b</w>\n";
        return Stream.of(
                sample("YAML", "c.yaml", "dataset: data\nway: 5\n", file -> ConfigFile.read(file, "c")),
                sample("properties", "c.properties", "dataset = data\nway = 5\n", file -> ConfigFile.read(file, "c")),
                sample("matrix", "m.yaml", "title: T\naxes:\n  way: [5, 10]\n", UserTextsTest::matrix),
                new Sample(
                        "included part of a matrix",
                        "part.yaml",
                        root -> Files.writeString(root.resolve("m.yaml"), "include: part.yaml\n"),
                        "title: T\naxes:\n  way: [5, 10]\n",
                        file -> matrix(file.resolveSibling("m.yaml"))),
                sample("claims", "claims.yaml", claims(), file -> ClaimsFile.read(file, "claims.yaml")),
                sample("tokenizer", "tokenizer.json", embedded("tokenizer.json"), file -> tokens(file, "a banded one")),
                new Sample(
                        "vocabulary",
                        "vocab.json",
                        root -> Files.writeString(root.resolve("merges.txt"), merges),
                        vocabulary,
                        file -> tokens(file.getParent(), "ab")),
                new Sample(
                        "merges",
                        "merges.txt",
                        root -> Files.writeString(root.resolve("vocab.json"), vocabulary),
                        merges,
                        file -> tokens(file.getParent(), "ab")),
                sample("config.json", "config.json", config(), ClipConfig::read),
                new Sample(
                        "index of shards",
                        "model.safetensors.index.json",
                        UserTextsTest::shard,
                        "{\"weight_map\":\n {\"x\": \"one.safetensors\"}}\n",
                        UserTextsTest::names),
                new Sample(
                        "split file",
                        "split_zhou_Input.json",
                        root -> Readers.images(root.resolve("images")),
                        "{\"train\": [[\"a/1.jpg\", 0, \"Käse\"],\n [\"b/1.jpg\", 1, \"b\"]],\n"
                                + " \"test\": [[\"b/2.jpg\", 1, \"b\"]]}\n",
                        UserTextsTest::images),
                new Sample(
                        "class names by folder",
                        "classnames.txt",
                        Readers::images,
                        "a Käse\nb b c\n",
                        UserTextsTest::images),
                new Sample(
                        "class names in order", "classes.txt", Readers::images, "Käse\nc d\n", UserTextsTest::images),
                new Sample(
                        "labels of DTD",
                        "labels/train1.txt",
                        UserTextsTest::dtd,
                        "a/1.jpg\nb/1.jpg\n",
                        file -> images(file, new SplitChoice.Official(1))),
                new Sample("variants", "variants.txt", UserTextsTest::aircraft, "a\nb\n", UserTextsTest::images),
                new Sample(
                        "images of variants",
                        "images_variant_train.txt",
                        UserTextsTest::aircraft,
                        "1 a\n4 b\n",
                        UserTextsTest::images),
                new Sample(
                        "draw", "draw.txt", UserTextsTest::drawn, "data/a/1.jpg\ndata/b/2.jpg\n", UserTextsTest::draw),
                new Sample(
                        "draw in JSON",
                        "draw.json",
                        UserTextsTest::drawn,
                        "{\"a\": [\"data/a/1.jpg\"],\n \"b\": [\"data/b/2.jpg\"]}\n",
                        UserTextsTest::draw),
                sample("texts to encode", "texts.txt", "a banded texture\nsomething dotted\n", UserTextsTest::encoded));
    }

    private static Sample sample(String name, String file, String text, Meaning meaning) {
        return new Sample(name, file, root -> {}, text, meaning);
    }

    private static Map<String, String> savedInOtherWays(String text) {
        String open = text.substring(0, text.length() - 1);
        Map<String, String> all = new LinkedHashMap<>();
        all.put("byte order mark", "\ufeff" + text);
        all.put("CR LF", text.replace("\n", "\r\n"));
        all.put("byte order mark and CR LF", "\ufeff" + text.replace("\n", "\r\n"));
        all.put("CR", text.replace('\n', '\r'));
        all.put("no final end of line", open);
        all.put("byte order mark, no final end of line", "\ufeff" + open);
        return all;
    }

    @ParameterizedTest
    @MethodSource("samples")
    void saysTheSameHoweverItWasSaved(Sample sample) throws Exception {
        Path file = place(sample);
        Files.writeString(file, sample.text());
        Object expected = sample.meaning().of(file);
        Map<String, Object> differing = new TreeMap<>();
        for (Map.Entry<String, String> saved : savedInOtherWays(sample.text()).entrySet()) {
            Files.writeString(file, saved.getValue());
            Object found;
            try {
                found = sample.meaning().of(file);
            } catch (InvalidInputException e) {
                found = e.getMessage();
            }
            if (!expected.equals(found)) {
                differing.put(saved.getKey(), found);
            }
        }
        assertEquals(Map.of(), differing, () -> "expected each time: " + expected);
        // A reader that looked at nothing would have passed.
        Files.writeString(
                file, sample.text().replace('5', '6').replace('a', 'b').replace('d', 'e'));
        Object other;
        try {
            other = sample.meaning().of(file);
        } catch (InvalidInputException e) {
            other = e.getMessage();
        }
        assertNotEquals(expected, other);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isRefusedByNameInAnotherEncoding(Sample sample) throws Exception {
        Path file = place(sample);
        for (String charset : List.of("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
            for (String mark : List.of("\ufeff", "")) {
                Files.write(file, (mark + sample.text()).getBytes(Charset.forName(charset)));
                String message = assertThrows(
                                InvalidInputException.class,
                                () -> sample.meaning().of(file))
                        .getMessage();
                String name = charset.substring(0, "UTF-16".length());
                assertTrue(
                        message.contains(file + " is " + name + " text; allowed is UTF-8 text: save it as UTF-8."),
                        message);
            }
        }
        byte[] latin = sample.text().getBytes(StandardCharsets.UTF_8);
        int end = 0;
        while (latin[end] != '\n') {
            end++;
        }
        int at = end + 1 < latin.length ? end + 1 : 0;
        latin[at] = (byte) 0xe4;
        Files.write(file, latin);
        String message = assertThrows(
                        InvalidInputException.class, () -> sample.meaning().of(file))
                .getMessage();
        assertTrue(message.contains(file + " is no UTF-8 text in line " + (at == 0 ? 1 : 2)), message);
    }

    static Stream<Reader> readers() {
        return Readers.all().stream().filter(reader -> !NO_TEXTS.contains(reader.name()));
    }

    /** All readers of texts, those of what this program wrote as well: somebody may have edited it. */
    @ParameterizedTest
    @MethodSource("readers")
    void namesTheEncodingThatItCannotRead(Reader reader) throws Exception {
        Path root = Files.createDirectories(folder.resolve("root"));
        reader.prepare().take(root);
        Path file = root.resolve(reader.file());
        Files.deleteIfExists(file);
        Files.write(file, "{\"way\": 5,\n\"a\": 1}\n".getBytes(StandardCharsets.UTF_16LE));
        String message = assertThrows(
                        InvalidInputException.class, () -> reader.read().take(file), reader.name())
                .getMessage();
        assertTrue(message.contains("is UTF-16 text"), message);
        assertTrue(message.contains(file.getFileName().toString()), message);
    }

    /** Each way to make text of bytes, and who may go it. */
    private static final Map<String, Set<String>> WAYS = Map.of(
            "Files\\.(?:readString|readAllLines|newBufferedReader|lines)\\(|new (?:FileReader|Scanner)\\(", Set.of(),
            "new InputStreamReader\\(", Set.of("app/CellWorker", "app/ParentLink", "experiment/CellProcess"),
            "newDecoder\\(",
                    Set.of("io/UserText", "tensor/PickleInput", "tensor/SafetensorsHeader", "train/WholeLines"),
            "new String\\([^;]*StandardCharsets",
                    Set.of(
                            // what they decode has passed UserText, or is one of its parts
                            "io/UserText",
                            "io/PlainFiles",
                            "tracking/PemFile",
                            // headers of binary files, and numbers
                            "feature/PackDigest",
                            "feature/StreamedTensors",
                            "image/JpegStream",
                            "tensor/CheckpointKind",
                            "tensor/PickleInput",
                            "tensor/TorchCheckpoint",
                            "fetch/PartFile",
                            "io/ProcessLock",
                            // what comes with the program, and what servers answer
                            "config/BuiltInMatrices",
                            "tensor/TorchScript",
                            "tracking/Wire"),
            "PlainFiles\\.text\\(",
                    Set.of(
                            // what this program wrote
                            "app/FileWorkplace",
                            "app/MlflowStore",
                            "data/textures/TextureBenchmark",
                            "experiment/PlanFile",
                            "fetch/HubFetch",
                            "fetch/ModelStore",
                            "fetch/PartFile",
                            "run/CellInfo",
                            "run/Texts",
                            "tracking/ExperimentRecord",
                            "tracking/TrackingState"));

    @Test
    void nobodyReadsTextInAnotherWay() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> all = Files.walk(SOURCES)) {
            for (Path file : all.filter(f -> f.toString().endsWith(".java")).toList()) {
                String name =
                        SOURCES.relativize(file).toString().replace('\\', '/').replace(".java", "");
                String source = Files.readString(file);
                WAYS.forEach((way, allowed) -> Pattern.compile(way)
                        .matcher(source)
                        .results()
                        .filter(use -> !allowed.contains(name))
                        .forEach(use -> found.add(name + ": " + use.group())));
            }
        }
        assertEquals(Set.of(), found);
    }

    private Path place(Sample sample) throws Exception {
        Path root = Files.createDirectories(folder.resolve("root"));
        Path file = root.resolve(sample.file());
        Files.createDirectories(file.getParent());
        sample.prepare().take(root);
        return file;
    }

    private static Object matrix(Path file) {
        return MatrixFile.read(file, "m.yaml").points().toString();
    }

    private static String claims() {
        return """
                claims:
                  - id: a
                    sentence: b
                    source: c
                    experiment: test
                    first: {seed: 5}
                    second: {seed: 2}
                    figure: base
                    expect: less
                """;
    }

    private static String embedded(String name) throws IOException {
        return new String(ModelReaders.embedded(name), StandardCharsets.UTF_8).strip() + "\n";
    }

    private static String config() throws IOException {
        return Files.readString(Golden.path("clip-exact/config.json")).strip() + "\n";
    }

    private static Object tokens(Path place, String text) {
        try (Tokenizer tokenizer = Tokenizer.open(place, 77)) {
            return Arrays.toString(tokenizer.encode(text)) + tokenizer.sha256();
        }
    }

    private static void shard(Path root) throws IOException {
        byte[] header = Contents.bytes("{\"x\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}");
        Files.write(root.resolve("one.safetensors"), Contents.safetensors(header, 8));
    }

    private static Object names(Path file) {
        try (TensorFile tensors = TensorFile.open(file)) {
            return tensors.names();
        }
    }

    private static Object images(Path file) {
        return images(file, new SplitChoice.Own());
    }

    private static Object images(Path file, SplitChoice choice) {
        Path root = choice instanceof SplitChoice.Own
                ? file.getParent()
                : file.getParent().getParent();
        Dataset dataset = Datasets.open(root, choice, Progress.SILENT);
        return List.of(dataset.train(), dataset.val(), dataset.test(), dataset.classes());
    }

    private static void dtd(Path root) throws IOException {
        Readers.images(root.resolve("images"));
        Files.writeString(root.resolve("labels/test1.txt"), "a/3.jpg\nb/3.jpg\n");
        Files.writeString(root.resolve("labels/val1.txt"), "a/2.jpg\nb/2.jpg\n");
    }

    private static void aircraft(Path root) throws IOException {
        Path images = Files.createDirectories(root.resolve("images"));
        for (int i = 1; i < 5; i++) {
            Files.write(images.resolve(i + ".jpg"), new byte[] {1});
        }
        Files.writeString(root.resolve("variants.txt"), "a\nb\n");
        Files.writeString(root.resolve("images_variant_train.txt"), "1 a\n4 b\n");
        Files.writeString(root.resolve("images_variant_val.txt"), "2 b\n");
        Files.writeString(root.resolve("images_variant_test.txt"), "3 b\n");
    }

    private static void drawn(Path root) throws IOException {
        Readers.images(root.resolve("images/data"));
        Files.writeString(
                root.resolve("split_zhou_Data.json"),
                "{\"train\": [[\"data/a/1.jpg\", 0, \"a\"], [\"data/b/2.jpg\", 1, \"b\"]],"
                        + " \"test\": [[\"data/b/3.jpg\", 1, \"b\"]]}");
    }

    private static Object draw(Path file) {
        Dataset dataset = Datasets.open(file.getParent(), Optional.empty());
        return ShotDraws.of("file:" + file.getFileName(), file.getParent(), dataset, 1, 1)
                .train(List.of("a", "b"), 1);
    }

    private static Object encoded(Path file) throws IOException {
        AppReaders.encode(file);
        return JsonParser.parseString(Files.readString(file.resolveSibling("out.json")))
                + Arrays.toString(Files.readAllBytes(file.resolveSibling("out.safetensors")));
    }
}
