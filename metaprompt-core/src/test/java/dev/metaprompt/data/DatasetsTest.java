package dev.metaprompt.data;

import static dev.metaprompt.data.TestDatasets.entry;
import static dev.metaprompt.data.TestDatasets.split;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetsTest {
    private static final String OTHERS = entry("b/1.png", 1, "b");

    @TempDir
    Path folder;

    private void images(String... paths) throws IOException {
        for (String path : paths) {
            TestDatasets.image(folder.resolve("images").resolve(path), 1, 2);
        }
    }

    private void writeSplit(String json) throws IOException {
        Files.writeString(folder.resolve("split_zhou_Test.json"), json);
    }

    private String refusal() {
        String message = assertThrows(InvalidInputException.class, () -> Datasets.open(folder, Optional.empty()))
                .getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("; allowed"), message);
        return message;
    }

    /** Refusal of a split whose train list holds the entries and whose test list one good image. */
    private String refusal(String... train) throws IOException {
        images("a/1.png", "b/1.png");
        writeSplit(split(List.of(train), List.of(), List.of(OTHERS)));
        String message = refusal();
        assertTrue(message.contains("split_zhou_Test.json"), message);
        return message;
    }

    @Test
    void opensCoopsLayoutWithClassesInTheOrderOfTheirLabels() throws IOException {
        TestDatasets.write(folder, List.of("zebra", "ape", "polka-dotted"), 3, 1, 2);
        Dataset dataset = Datasets.open(folder, Optional.empty());
        assertEquals(folder.getFileName().toString(), dataset.name());
        assertEquals(folder.resolve("images"), dataset.imageRoot());
        assertEquals("split_zhou_Test.json", dataset.splitName());
        assertEquals(List.of("zebra", "ape", "polka-dotted"), dataset.classes());
        assertEquals(
                new LabeledImage("zebra/zebra_0.png", 5, "zebra"),
                dataset.train().get(0));
        assertEquals(9, dataset.train().size());
        assertEquals(3, dataset.val().size());
        assertEquals(6, dataset.test().size());
        assertTrue(Files.exists(dataset.file(dataset.test().get(5))));
    }

    @Test
    void imagesMayLieInTheFolderItselfAndTheSplitElsewhere() throws IOException {
        TestDatasets.image(folder.resolve("data/a/1.png"), 1, 2);
        TestDatasets.image(folder.resolve("data/a/2.png"), 1, 2);
        Path split = folder.resolve("my split.json");
        Files.writeString(
                split, "{\"train\": [" + entry("a/1.png", 7, "a") + "], \"test\": [" + entry("a/2.png", 7, "a") + "]}");
        Dataset dataset = Datasets.open(folder.resolve("data"), Optional.of(split));
        assertEquals(folder.resolve("data"), dataset.imageRoot());
        assertEquals(List.of(), dataset.val());
        assertEquals("a photo of a {}.", dataset.template());
    }

    @Test
    void hashIsOfTheSplitFilesBytes() throws IOException {
        images("a/1.png", "b/1.png");
        writeSplit("{\"train\":[[\"a/1.png\",0,\"a\"]],\"val\":[],\"test\":[[\"b/1.png\",1,\"b\"]]}");
        // printf '…' | sha256sum
        assertEquals(
                "5f84b846d0e1cd57a50a11ab8c05bd69daf33c85ca474354a3e0288020e1f859",
                Datasets.open(folder, Optional.empty()).splitSha256());
    }

    @Test
    void usualTemplateFollowsTheName() throws IOException {
        assertEquals("{} texture.", Datasets.usualTemplate("x", "split_zhou_DescribableTextures.json"));
        assertEquals("{} texture.", Datasets.usualTemplate("textures", "split.json"));
        assertEquals("{} texture.", Datasets.usualTemplate("dtd-mini", "split.json"));
        assertEquals("a photo of a {}, a type of pet.", Datasets.usualTemplate("pets", "split_zhou_OxfordPets.json"));
        assertEquals("a photo of a {}.", Datasets.usualTemplate("pets", "split_zhou_MyPets.json"));
        TestDatasets.write(folder, List.of("a", "b"), 1, 0, 1);
        Dataset dataset = Datasets.open(folder, Optional.empty()).named("textures");
        assertEquals("textures", dataset.name());
        assertEquals("{} texture.", dataset.template());
        assertEquals(List.of("a", "b"), dataset.classes());
    }

    @Test
    void missingFolderAndFileInItsPlaceAreNamed() throws IOException {
        Path missing = folder.resolve("nowhere");
        String message = assertThrows(InvalidInputException.class, () -> Datasets.open(missing, Optional.empty()))
                .getMessage();
        assertTrue(message.contains(missing + " does not exist"), message);
        Path file = Files.createFile(folder.resolve("file"));
        assertThrows(InvalidInputException.class, () -> Datasets.open(file, Optional.empty()));
        Path noSplit = folder.resolve("none.json");
        message = assertThrows(InvalidInputException.class, () -> Datasets.open(folder, Optional.of(noSplit)))
                .getMessage();
        assertTrue(message.contains(noSplit.toString()), message);
    }

    @Test
    void exactlyOneSplitFileIsLookedFor() throws IOException {
        assertTrue(refusal().contains("no split file"));
        Files.createFile(folder.resolve("split_zhou_A.json"));
        Files.createFile(folder.resolve("split_zhou_B.json"));
        assertTrue(refusal().contains("2 split files"));
    }

    @Test
    void missingImagesAreCountedAndTheFirstNamed() throws IOException {
        String message = refusal(entry("a/1.png", 0, "a"), entry("a/2.png", 0, "a"), entry("a/3.png", 0, "a"));
        assertTrue(message.contains("2 images") && message.contains("first a/2.png"), message);
        assertTrue(refusal(entry("a", 0, "a")).contains("missing"));
    }

    @Test
    void filesOfKindsThatAreNotReadAreCountedAndTheFirstNamed() throws IOException {
        images("a/1.png", "a/2.png");
        for (String name : List.of("a/3.tif", "a/4.TIFF", "b/5.heic")) {
            Files.createDirectories(folder.resolve("images").resolve(name).getParent());
            Files.writeString(folder.resolve("images").resolve(name), "II*");
        }
        // Images are known by what they hold, where a list names them.
        Files.move(folder.resolve("images/a/2.png"), folder.resolve("images/a/2"));
        String message = refusal(
                entry("a/1.png", 0, "a"),
                entry("a/2", 0, "a"),
                entry("a/3.tif", 0, "a"),
                entry("a/4.TIFF", 0, "a"),
                entry("b/5.heic", 1, "b"));
        assertTrue(message.contains("names 3 files that are no images that can be read"), message);
        assertTrue(message.contains("first a/3.tif; allowed are JPEG, PNG, GIF, BMP and WebP files"), message);
    }

    @Test
    void emptyImageIsNamedBeforeAnyWork() throws IOException {
        images("a/1.png");
        Files.createFile(folder.resolve("images/a/empty.jpg"));
        assertTrue(refusal(entry("a/empty.jpg", 0, "a")).contains("empty.jpg is empty"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside.png",
                "a/../../outside.png",
                "/etc/hostname",
                "..\\\\outside.png",
                "a\\\\1.png",
                "C:/outside.png",
                "c:outside.png",
                "a//1.png",
                "./a/1.png",
                "a/.",
                "a/1.png/"
            })
    void pathsThatLeaveTheImageRootAreRefusedEvenIfTheyExist(String path) throws IOException {
        TestDatasets.image(folder.resolve("outside.png"), 1, 2);
        String message = refusal(entry(path, 0, "a"));
        assertTrue(message.contains("inside the image root"), message);
        assertTrue(message.contains(path.replace("\\\\", "\\")), message);
    }

    @Test
    void linksThatLeaveTheImageRootAreRefusedAndOthersFollowed() throws IOException {
        images("a/1.png", "b/1.png");
        TestDatasets.image(folder.resolve("elsewhere/2.png"), 1, 2);
        Path images = folder.resolve("images");
        Files.createSymbolicLink(images.resolve("a/link.png"), folder.resolve("elsewhere/2.png"));
        Files.createSymbolicLink(images.resolve("c"), folder.resolve("elsewhere"));
        Files.createSymbolicLink(images.resolve("d"), images.resolve("a"));
        assertTrue(refusal(entry("a/link.png", 0, "a")).contains("through a link"));
        assertTrue(refusal(entry("c/2.png", 0, "a")).contains("through a link"));
        writeSplit(split(List.of(entry("d/1.png", 0, "a")), List.of(), List.of(OTHERS)));
        assertEquals(1, Datasets.open(folder, Optional.empty()).train().size());
    }

    @Test
    void imageRootMayItselfBeALink() throws IOException {
        TestDatasets.image(folder.resolve("disk/a/1.png"), 1, 2);
        TestDatasets.image(folder.resolve("disk/b/1.png"), 1, 2);
        Files.createSymbolicLink(folder.resolve("images"), folder.resolve("disk"));
        writeSplit(split(List.of(entry("a/1.png", 0, "a")), List.of(), List.of(OTHERS)));
        assertEquals(List.of("a", "b"), Datasets.open(folder, Optional.empty()).classes());
    }

    @Test
    void repeatedImagesAreRefusedWithinAndAcrossLists() throws IOException {
        String image = entry("a/1.png", 0, "a");
        assertTrue(refusal(image, image).contains("twice, at train[0] and train[1]"));
        assertTrue(refusal(image, OTHERS).contains("twice, at train[1] and test[0]"));
    }

    @Test
    void labelsAndNamesMustAgree() throws IOException {
        images("a/2.png");
        assertTrue(refusal(entry("a/1.png", 0, "a"), entry("a/2.png", 0, "A")).contains("gives label 0 to a and"));
        assertTrue(refusal(entry("a/1.png", 0, "a"), entry("a/2.png", 2, "a")).contains("gives class a the label 0"));
        assertTrue(refusal(entry("a/1.png", 1, "a")).contains("gives label 1 to a and, at test[0], to b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"a/1.png\", 0]",
                "[\"a/1.png\", \"0\", \"a\"]",
                "[\"a/1.png\", 0.5, \"a\"]",
                "[\"a/1.png\", 1e30, \"a\"]",
                "[\"a/1.png\", null, \"a\"]",
                "[7, 0, \"a\"]",
                "[\"\", 0, \"a\"]",
                "[\"a/1.png\", 0, \" \"]",
                "[\"a/1.png\", 0, \"a\\nb\"]",
                "{\"path\": \"a/1.png\"}",
                "\"a/1.png\""
            })
    void entriesOfAnotherFormAreNamed(String entry) throws IOException {
        assertTrue(refusal(entry).contains("at train[0]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "not json", "{\"train\": [,]}", "{\"train\": []} more", "{train: []}"})
    void whatIsNotJsonIsNamed(String text) throws IOException {
        writeSplit(text);
        assertTrue(refusal().contains("split_zhou_Test.json cannot be read as JSON"));
    }

    @Test
    void missingAndEmptyListsAreNamed() throws IOException {
        images("a/1.png");
        writeSplit("");
        assertTrue(refusal().contains("is not a JSON object"));
        writeSplit("[]");
        assertTrue(refusal().contains("is not a JSON object"));
        writeSplit("{\"train\": [" + entry("a/1.png", 0, "a") + "]}");
        assertTrue(refusal().contains("lacks the key test"));
        writeSplit("{\"train\": {}, \"test\": []}");
        assertTrue(refusal().contains("no list under train"));
        writeSplit("{\"train\": [" + entry("a/1.png", 0, "a") + "], \"test\": []}");
        assertTrue(refusal().contains("empty list test"));
        writeSplit("{\"train\": [], \"test\": [" + entry("a/1.png", 0, "a") + "]}");
        assertTrue(refusal().contains("empty list train"));
    }

    /** Real photographs, where the folder lies beside the checkout. */
    @Test
    void opensPhotographs() {
        Path photographs = Path.of("../../shared/data/dtd-mini");
        assumeTrue(Files.isDirectory(photographs), "no dtd-mini beside this checkout");
        Dataset dataset = Datasets.open(photographs, Optional.empty());
        assertEquals("dtd-mini", dataset.name());
        assertEquals("{} texture.", dataset.template());
        assertEquals(
                List.of(160, 40, 120),
                List.of(
                        dataset.train().size(),
                        dataset.val().size(),
                        dataset.test().size()));
        ClassSplit split = ClassSplit.coop(dataset);
        assertEquals(List.of("banded", "blotchy", "braided", "bubbly", "bumpy"), split.base());
        assertEquals(5, split.newClasses().size());
        assertEquals(5, FewShotDraw.draw(dataset, split.base(), 16, 1).size());
        assertTrue(ContactSheet.draw(dataset, 2, 32).height() >= 5 * 32);
    }
}
