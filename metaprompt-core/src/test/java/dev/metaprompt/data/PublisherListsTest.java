package dev.metaprompt.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DTD's own label files, FGVC-Aircraft's lists and ImageNet's folders. */
class PublisherListsTest {
    private static final SplitChoice OWN = new SplitChoice.Own();

    @TempDir
    Path folder;

    @BeforeEach
    void images() throws IOException {
        for (String path : List.of("a/1", "a/2", "a/3", "b/1", "b/2", "b/3", "0001", "0002", "0003", "0004")) {
            TestDatasets.image(folder.resolve("images").resolve(path + ".jpg"), 1, 2);
        }
    }

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void labels(int number) throws IOException {
        file("labels/train" + number + ".txt", "b/1.jpg\na/" + (number % 3 + 1) + ".jpg\n");
        file("labels/val" + number + ".txt", "b/2.jpg\r\n\n");
        file("labels/test" + number + ".txt", "b/3.jpg\na/" + ((number + 1) % 3 + 1) + ".jpg");
    }

    private void aircraft() throws IOException {
        file("variants.txt", "F/A-18\n707-320\nDC-3 old\n");
        file("images_variant_train.txt", "0001 707-320\n0002 DC-3 old\n");
        file("images_variant_val.txt", "0003 F/A-18\n");
        file("images_variant_test.txt", "0004 DC-3 old\n");
    }

    private Dataset open(SplitChoice choice) {
        return Datasets.open(folder, choice, Progress.SILENT);
    }

    private String refusal() {
        return refusal(OWN);
    }

    private String refusal(SplitChoice choice) {
        String message =
                assertThrows(InvalidInputException.class, () -> open(choice)).getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("; allowed"), message);
        return message;
    }

    @Test
    void dtdsOwnSplitsAreReadWhereCoopsIsMissing() throws IOException {
        labels(1);
        labels(2);
        Dataset first = open(OWN);
        assertEquals("DTD's official split 1", first.splitName());
        assertEquals("{} texture.", first.template());
        assertEquals(List.of(new LabeledImage("b/1.jpg", 1, "b"), new LabeledImage("a/2.jpg", 0, "a")), first.train());
        assertEquals(List.of("b/2.jpg"), TestDatasets.paths(first.val()));
        assertEquals(List.of("b/3.jpg", "a/3.jpg"), TestDatasets.paths(first.test()));
        String bytes = "b/1.jpg\na/2.jpg\n" + "b/2.jpg\r\n\n" + "b/3.jpg\na/3.jpg";
        assertEquals(Sha256.hex(bytes.getBytes(StandardCharsets.UTF_8)), first.splitSha256());
        Dataset second = open(new SplitChoice.Official(2));
        assertEquals("DTD's official split 2", second.splitName());
        assertEquals(List.of("b/1.jpg", "a/3.jpg"), TestDatasets.paths(second.train()));
        assertNotEquals(first.splitSha256(), second.splitSha256());
        assertTrue(refusal(new SplitChoice.Official(3)).contains("train3.txt does not exist"));
    }

    @Test
    void officialSplitWinsOverCoopsOnlyIfNamed() throws IOException {
        labels(1);
        file(
                "split_zhou_DescribableTextures.json",
                "{\"train\": [[\"a/1.jpg\", 0, \"a\"]], \"test\": [[\"b/1.jpg\", 1, \"b\"]]}");
        assertTrue(open(OWN).splitName().startsWith("split_zhou_"));
        assertEquals("DTD's official split 1", open(new SplitChoice.Official(1)).splitName());
    }

    @Test
    void officialSplitNeedsLabels() {
        assertTrue(refusal(new SplitChoice.Official(1)).contains("has no folder labels"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "/a.jpg", "a/", "b/3.jpg"})
    void malformedLabelLinesAreNamed(String line) throws IOException {
        labels(1);
        file("labels/train1.txt", "a/2.jpg\n" + line);
        String message = refusal();
        assertTrue(message.contains(line.equals("b/3.jpg") ? "test1.txt, line 1" : "train1.txt, line 2"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/../../outside.jpg", "../images/a/1.jpg", "a/./1.jpg", "c\\\\a/1.jpg", "C:/a.jpg"})
    void labelLinesStayInTheImageFolder(String line) throws IOException {
        TestDatasets.image(folder.resolve("outside.jpg"), 1, 2);
        labels(1);
        file("labels/train1.txt", line);
        assertTrue(refusal().contains("inside the image root"));
    }

    @Test
    void emptyLabelFilesAndMissingImagesAreNamed() throws IOException {
        labels(1);
        file("labels/val1.txt", "\n");
        assertTrue(refusal().contains("val1.txt is empty"));
        file("labels/val1.txt", "a/99.jpg");
        assertTrue(refusal().contains("missing below"));
    }

    @Test
    void aircraftAreReadFromTheirLists() throws IOException {
        aircraft();
        Dataset dataset = open(OWN);
        assertEquals("a photo of a {}, a type of aircraft.", dataset.template());
        assertEquals(List.of("F/A-18", "707-320", "DC-3 old"), dataset.classes());
        assertEquals(
                List.of(new LabeledImage("0001.jpg", 1, "707-320"), new LabeledImage("0002.jpg", 2, "DC-3 old")),
                dataset.train());
        assertEquals(List.of("0003.jpg"), TestDatasets.paths(dataset.val()));
        assertEquals(folder.resolve("images"), dataset.imageRoot());
        KnownDataset known = KnownDatasets.find("fgvc_aircraft").orElseThrow();
        assertEquals(
                "fgvc_aircraft",
                Datasets.open(known, folder, OWN, Progress.SILENT).name());
        String before = dataset.splitSha256();
        file("images_variant_val.txt", "0003 707-320\n");
        assertNotEquals(before, open(OWN).splitSha256());
    }

    @Test
    void malformedAircraftListsAreNamed() throws IOException {
        aircraft();
        file("images_variant_val.txt", "0003 Concorde\n");
        assertTrue(refusal().contains("images_variant_val.txt, line 1"));
        file("images_variant_val.txt", "\n0003\n");
        assertTrue(refusal().contains("line 2, 0003: names no class"));
        file("images_variant_val.txt", "0001 707-320\n");
        assertTrue(refusal().contains("named before"));
        file("images_variant_val.txt", "../images/0003 707-320\n");
        assertTrue(refusal().contains("inside the image root"));
        file("images_variant_val.txt", "0003\u0000 707-320\n");
        assertTrue(refusal().contains("line 1, 0003? 707-320: holds control characters"));
        file("images_variant_val.txt", "");
        assertTrue(refusal().contains("is empty"));
        Files.delete(folder.resolve("images_variant_val.txt"));
        assertTrue(refusal().contains("does not exist"));
        aircraft();
        file("variants.txt", "707-320\n707-320\n");
        assertTrue(refusal().contains("variants.txt, line 2"));
    }

    private void imageNet() throws IOException {
        for (String id : List.of("n02", "n01", "n10")) {
            for (String list : List.of("train", "val")) {
                TestDatasets.image(folder.resolve("images/" + list + "/" + id + "/" + list + "_1.JPEG"), 1, 2);
            }
        }
        TestDatasets.image(folder.resolve("images/train/n01/train_0.JPEG"), 1, 2);
        file("classnames.txt", "n10 sunglasses\nn01 great white shark\nn02 sunglasses\nn99 unused\n");
    }

    @Test
    void imageNetIsReadFromItsFolders() throws IOException {
        imageNet();
        Dataset dataset = open(OWN);
        assertEquals("a photo of a {}.", dataset.template());
        // In the order of the ids; the second of two equal names has an underscore, which prompts write as a space.
        assertEquals(List.of("great white shark", "sunglasses", "sunglasses_"), dataset.classes());
        assertEquals(
                List.of(
                        "train/n01/train_0.JPEG",
                        "train/n01/train_1.JPEG",
                        "train/n02/train_1.JPEG",
                        "train/n10/train_1.JPEG"),
                TestDatasets.paths(dataset.train()));
        assertEquals(3, dataset.test().size());
        assertTrue(dataset.val().isEmpty());
        assertTrue(Files.exists(dataset.file(dataset.test().get(2))));
    }

    @Test
    void imageNetsListsMayBeLinksToAnotherDisk() throws IOException {
        imageNet();
        Path elsewhere = Files.move(folder.resolve("images/train"), folder.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("images/train"), elsewhere);
        assertEquals(4, open(OWN).train().size());
    }

    @Test
    void incompleteImageNetIsNamed() throws IOException {
        imageNet();
        Files.delete(folder.resolve("images/val/n02/val_1.JPEG"));
        assertTrue(refusal().contains("has no images of class n02"));
        imageNet();
        TestDatasets.image(folder.resolve("images/val/n03/1.JPEG"), 1, 2);
        assertTrue(refusal().contains("has the class n03"));
        Files.delete(folder.resolve("images/val/n03/1.JPEG"));
        file("classnames.txt", "n01 shark\nn02 ray\n");
        assertTrue(refusal().contains("does not name the class folder n10"));
        file("classnames.txt", "n01 shark\nn02 ray\nn01 tench\n");
        assertTrue(refusal().contains("classnames.txt, line 3"));
    }
}
