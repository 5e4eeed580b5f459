package dev.metaprompt.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShotDrawsTest {
    private final Dataset dataset = TestDatasets.inMemory(6, 20);

    @TempDir
    Path folder;

    private ShotDraw draw(String value, int shots) {
        return ShotDraws.of(value, folder, dataset, shots, 3);
    }

    private String refusal(String value, int shots) {
        String message = assertThrows(
                        InvalidInputException.class, () -> draw(value, shots).train(List.of("classz", "classy"), shots))
                .getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("; allowed"), message);
        return message;
    }

    private static List<String> flat(Map<String, List<LabeledImage>> draw) {
        return TestDatasets.paths(draw.values().stream().flatMap(List::stream).toList());
    }

    @Test
    void seedIsOurOwnDraw() {
        List<String> classes = List.of("classy", "classw");
        assertEquals(FewShotDraw.draw(dataset, classes, 5, 3), draw("seed", 5).train(classes, 5));
        assertEquals(
                FewShotDraw.validation(dataset, classes, 3), draw("seed", 5).validation(classes));
    }

    /** Digests of the draws of seeds 1 to 3 from the published split, made with CPython. */
    @ParameterizedTest
    @CsvSource({
        "1, 510a5751c40f3e0b4b17fc546d0f1306b9f41ac6e6b4e6ea24336c2576f11a95, banded_0117 banded_0142 banded_0147 banded_0102",
        "2, 16bdaefcd121f6691c71e91e0de6fabde6c84d43ef10f6f5440f9668787bedfb, banded_0049 banded_0147 banded_0139 banded_0141",
        "3, b0b2e9c21d2f5df524b362bb8f0d27cc0c8def8fa84e88f397cb1d66dc36116d, banded_0082 banded_0090 banded_0087 banded_0117"
    })
    void coopsDrawOfDtdIsExact(long seed, String sha256, String first) {
        Path file = SharedData.require("split_zhou_DescribableTextures.full.json");
        SplitFile split = SplitFile.read(file, name -> name);
        Dataset dtd =
                new Dataset("dtd", folder, folder, "s", split.sha256(), "{}", split.train(), split.val(), split.test());
        assertEquals(KnownDatasets.find("dtd").orElseThrow().splitSha256().orElseThrow(), split.sha256());
        List<String> base = ClassSplit.coop(dtd).base();
        List<String> paths =
                flat(ShotDraws.of("coop:" + seed, folder, dtd, 16, 99).train(base, 16));
        assertEquals(384, paths.size());
        String names =
                String.join(" ", paths.subList(0, 4)).replace("banded/", "").replace(".jpg", "");
        assertEquals(first, names);
        assertEquals(sha256, Sha256.hex(String.join("\n", paths).getBytes(StandardCharsets.UTF_8)));
        assertEquals(paths, flat(ShotDraws.of("coop", folder, dtd, 16, seed).train(base, 16)));
        assertEquals(
                4 * 24,
                flat(ShotDraws.of("coop", folder, dtd, 16, seed).validation(base))
                        .size());
    }

    /** By hand: one stream serves the classes in the order of the list, then the validation images. */
    @Test
    void coopsDrawIsOneStreamOverAllClassesTrainFirst() {
        PythonRandom random = new PythonRandom(3);
        List<String> train = new ArrayList<>();
        List<String> val = new ArrayList<>();
        for (List<String> target : List.of(train, val)) {
            for (String name : dataset.classes()) {
                for (int index : random.sample(20, target == train ? 5 : 4)) {
                    target.add(name + "/" + index + ".jpg");
                }
            }
        }
        ShotDraw draw = draw("coop", 5);
        assertEquals(train, flat(draw.train(dataset.classes(), 5)));
        assertEquals(val, flat(draw.validation(dataset.classes())));
        // Fewer are the first of those that were drawn for five.
        assertEquals(
                train.subList(5, 8), flat(draw.train(List.of(dataset.classes().get(1)), 3)));
        assertNotEquals(train, flat(draw("coop:4", 5).train(dataset.classes(), 5)));
        List<LabeledImage> two = draw("coop:3", 2).validation(List.of("classz")).get("classz");
        assertEquals(2, two.size());
    }

    @Test
    void classWithFewerImagesGivesAllAndTakesNothingFromCoopsStream() {
        List<LabeledImage> train = new ArrayList<>(dataset.train());
        train.removeIf(
                image -> image.className().equals("classz") && image.path().length() > "classz/0.jpg".length());
        Dataset poor = new Dataset("poor", folder, folder, "s", "1", "{}", train, List.of(), dataset.test());
        ShotDraw draw = ShotDraws.of("coop:1", folder, poor, 16, 0);
        int[] first = new PythonRandom(1).sample(20, 16);
        assertEquals(
                "classy/" + first[0] + ".jpg",
                flat(draw.train(List.of("classy"), 16)).get(0));
        assertEquals(10, flat(draw.train(List.of("classz"), 10)).size());
        String message = assertThrows(InvalidInputException.class, () -> draw.train(List.of("classz"), 16))
                .getMessage();
        assertTrue(message.startsWith("dataset.shots is 16 but class classz has 10 training images"), message);
        assertTrue(flat(draw.validation(List.of("classz"))).isEmpty());
    }

    @Test
    void fileOfAnyFormIsReplayed() throws IOException {
        Files.writeString(
                folder.resolve("run.json"),
                "{\"id\": \"x\", \"dataset\": {\"name\": \"memory\", \"shots\": {\"classz\": [\"classz/3.jpg\","
                        + " \"classz/1.jpg\"], \"classy\": [\"classy/9.jpg\", \"classy/8.jpg\"]}}}");
        Files.writeString(
                folder.resolve("map.json"),
                "{\"classy\": [\"classy/9.jpg\", \"classy/8.jpg\"], \"classz\": [\"classz/3.jpg\", \"classz/1.jpg\"]}");
        Files.writeString(folder.resolve("list.txt"), "classz/3.jpg\r\nclassy/9.jpg\n\n  classz/1.jpg\nclassy/8.jpg\n");
        for (String name : List.of("run.json", "map.json", "list.txt")) {
            ShotDraw draw = draw("file:" + name, 2);
            assertEquals(
                    List.of("classz/3.jpg", "classz/1.jpg", "classy/9.jpg", "classy/8.jpg"),
                    flat(draw.train(List.of("classz", "classy"), 2)));
            assertEquals(List.of("classz/3.jpg"), flat(draw.train(List.of("classz"), 1)));
            // What the file does not say is our draw by the run's seed.
            assertEquals(draw("seed", 2).train(List.of("classx"), 2), draw.train(List.of("classx"), 2));
            assertEquals(draw("seed", 2).validation(List.of("classx")), draw.validation(List.of("classx")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "classz/99.jpg | no training image",
                "../classz/1.jpg | no training image",
                "classz/1.jpg,classz/1.jpg | twice",
                "classz/1.jpg,classz/2.jpg | lists 0 of the 2 images that class classy needs",
                "classz/1.jpg,classy/2.jpg | lists 1 of the 2 images that class classz needs",
                "{\"classz\": [\"classy/1.jpg\"]} | to class classz but it shows classy",
                "{\"nothing\": []} | names the class nothing",
                "{\"a\\nb\": []} | names the class a b which dataset memory has not",
                "{\"classz\": 7} | has no list for class classz",
                "{\"classz\": [7]} | other than a path for class classz",
                "{\"classz\": [null]} | other than a path for class classz",
                "{\"classz\": [} | not JSON",
                "{} | names no image",
                "{\"classz\": []} | names no image"
            })
    void fileThatDoesNotFitIsRefusedInOneLine(String content, String reason) throws IOException {
        boolean json = content.startsWith("{");
        Files.writeString(folder.resolve("draw"), json ? content : content.replace(",", "\n"));
        String message = refusal("file:draw", 2);
        assertTrue(message.replace(",", "").contains(reason), message);
        assertTrue(message.contains(folder.resolve("draw").toString()), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TOKEN=secret\nx", "{\"TOKEN=secret\": []}", "{\"classz\": [\"TOKEN=secret\"]}"})
    void nothingIsQuotedOfAFileOutsideOfTheProject(String content) throws IOException {
        Path project = Files.createDirectories(folder.resolve("project"));
        Files.writeString(folder.resolve("environ"), content);
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> ShotDraws.of("file:../environ", project, TestDatasets.inMemory(4, 3), 2, 1))
                .getMessage();
        assertFalse(message.contains("secret"), message);
        assertTrue(message.contains("environ"), message);
    }

    @Test
    void aLongLineIsNotRepeatedWhole() throws IOException {
        Files.writeString(folder.resolve("draw"), "a".repeat(2000));
        String message = refusal("file:draw", 2);
        assertTrue(message.contains("a".repeat(80) + "…"), message);
        assertFalse(message.contains("a".repeat(81)), message);
    }

    @Test
    void missingFileIsNamed() throws IOException {
        assertTrue(refusal("file:none.json", 2).contains(folder.resolve("none.json") + ", which does not exist"));
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertEquals(
                "dataset.draw: file " + folder.resolve("binary")
                        + " is UTF-16 text; allowed is UTF-8 text: save it as UTF-8.",
                refusal("file:binary", 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:", "coop:", "coop:-1", "coop:x", "Seed", "coop:1234567890123456789"})
    void otherValuesAreRefused(String value) {
        assertTrue(refusal(value, 2).startsWith("dataset.draw is " + value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed", "coop", "coop:1", "file:x"})
    void shotsBelowOneAreRefused(String value) {
        assertTrue(refusal(value, 0).startsWith("dataset.shots is 0;"));
    }
}
