package dev.metaprompt.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of class folders, whole and divided. */
class ClassFoldersTest {
    private static final SplitChoice OWN = new SplitChoice.Own();

    @TempDir
    Path folder;

    private final Told told = new Told();

    private void images(String name, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            TestDatasets.image(folder.resolve(name).resolve("image_" + i + (i % 2 == 0 ? ".png" : ".JPG")), 1, 2);
        }
    }

    private Dataset open() {
        return Datasets.open(folder, OWN, told);
    }

    private String refusal(SplitChoice choice) {
        String message = assertThrows(InvalidInputException.class, () -> Datasets.open(folder, choice, told))
                .getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("; allowed"), message);
        return message;
    }

    private static long count(List<LabeledImage> images, String name) {
        return images.stream().filter(image -> image.className().equals(name)).count();
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 0, 1", "3, 1, 1, 1", "4, 2, 1, 1", "5, 2, 1, 2", "7, 4, 1, 2", "10, 5, 2, 3", "100, 50, 20, 30"})
    void classIsSplitByItsSize(int all, int train, int val, int test) throws IOException {
        images("cat", all);
        images("dog", 10);
        Dataset dataset = open();
        assertEquals(
                List.of(train, val, test),
                List.of((int) count(dataset.train(), "cat"), (int) count(dataset.val(), "cat"), (int)
                        count(dataset.test(), "cat")));
        assertEquals(5, count(dataset.train(), "dog"));
        Set<String> paths = new HashSet<>();
        Stream.of(dataset.train(), dataset.val(), dataset.test())
                .flatMap(List::stream)
                .forEach(image -> {
                    assertTrue(paths.add(image.path()));
                    assertTrue(Files.exists(dataset.file(image)));
                });
        assertEquals(all + 10, paths.size());
        assertEquals(all == 2 ? 1 : 0, told.lines.size(), told.lines.toString());
    }

    @Test
    void splitDependsOnTheSeedAndTheClassAlone() throws IOException {
        images("dog", 12);
        images("cat", 12);
        Dataset one = open();
        assertEquals("random:1", one.splitName());
        assertEquals("a photo of a {}.", one.template());
        assertEquals(List.of("cat", "dog"), one.classes());
        assertEquals(one, open());
        assertEquals(one, Datasets.open(folder, new SplitChoice.Random(1), told));
        Dataset two = Datasets.open(folder, new SplitChoice.Random(2), told);
        assertNotEquals(one.train(), two.train());
        assertNotEquals(one.splitSha256(), two.splitSha256());
        images("ape", 3);
        Dataset more = open();
        assertEquals(List.of("ape", "cat", "dog"), more.classes());
        assertEquals(
                TestDatasets.paths(one.train()),
                TestDatasets.paths(more.train()).stream()
                        .filter(path -> !path.startsWith("ape"))
                        .toList());
    }

    @Test
    void imagesMayLieOneFolderBelow() throws IOException {
        images("images/cat", 4);
        images("images/dog", 4);
        Files.writeString(folder.resolve("classes.txt"), "house cat\npolka dot dog\n");
        Dataset dataset = open();
        assertEquals(folder.resolve("images"), dataset.imageRoot());
        assertEquals(List.of("house cat", "polka dot dog"), dataset.classes());
    }

    @Test
    void hiddenFilesOtherFilesAndEmptyClassesAreLeftOut() throws IOException {
        images("cat", 4);
        images("dog", 4);
        images(".thumbnails", 4);
        Files.writeString(folder.resolve("cat/.hidden.jpg"), "x");
        Files.writeString(folder.resolve("cat/notes.txt"), "x");
        Files.createDirectories(folder.resolve("stray"));
        Dataset dataset = open();
        assertEquals(List.of("cat", "dog"), dataset.classes());
        assertEquals(
                8,
                dataset.train().size() + dataset.val().size() + dataset.test().size());
        assertEquals(4, told.lines.size());
        assertTrue(told.lines.get(0).contains(folder.resolve("stray") + " holds no images"), told.lines.get(0));
        String lines = String.join("\n", told.lines);
        assertTrue(lines.contains("warning: 1 file .txt below " + folder + " is left out (cat 1)"), lines);
        assertTrue(
                lines.contains("warning: 3 hidden files .jpg below " + folder + " are left out (.thumbnails 2, cat 1)"),
                lines);
        assertTrue(lines.contains("warning: 2 hidden files .png below " + folder), lines);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c1 snow leopard\nc2 fox\n",
                "c2\tfox\n\nc1\tsnow leopard\n",
                "snow leopard\nfox\n",
                "c0 x\nc1 snow leopard\nc2 fox"
            })
    void classNameFilesOfEachFormAreRead(String text) throws IOException {
        images("c1", 2);
        images("c2", 2);
        Files.writeString(folder.resolve("classnames.txt"), text);
        assertEquals(List.of("snow leopard", "fox"), open().classes());
    }

    @Test
    void classNameFileOfFolderNamesKeepsThem() throws IOException {
        images("c1", 2);
        images("c2", 2);
        Files.writeString(folder.resolve("classes.txt"), "c2\nc1\n");
        assertEquals(List.of("c1", "c2"), open().classes());
    }

    @Test
    void classNameFilesThatDoNotFitAreRefused() throws IOException {
        images("c1", 2);
        images("c2", 2);
        Files.writeString(folder.resolve("classes.txt"), "c1 fox\n");
        assertTrue(refusal(OWN).contains("does not name the class folder c2"));
        Files.writeString(folder.resolve("classes.txt"), "one\ntwo\nthree\n");
        assertTrue(refusal(OWN).contains("does not name the class folder c1"));
        Files.writeString(folder.resolve("classnames.txt"), "one\ntwo\n");
        assertTrue(refusal(OWN).contains("two files of class names"));
    }

    @Test
    void whatIsNoDatasetIsNamed() throws IOException {
        assertTrue(refusal(OWN).contains("holds no class folders"));
        images("", 3);
        assertTrue(refusal(OWN).contains("but 3 images of no class"));
        images("cat", 3);
        assertTrue(refusal(OWN).contains("holds one class only, cat"));
        images("dog", 1);
        assertTrue(refusal(OWN).contains("dog holds one image"));
        Path file = Files.createFile(folder.resolve("file"));
        assertThrows(InvalidInputException.class, () -> Datasets.open(file, OWN, told));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "val", "valid", "validation"})
    void dividedFoldersAreReadAsTheyAre(String val) throws IOException {
        for (String list : List.of("train", "test", val)) {
            if (!list.isEmpty()) {
                images(list + "/cat", list.equals("train") ? 3 : 2);
                images(list + "/dog", 2);
            }
        }
        Dataset dataset = open();
        assertEquals(List.of("cat", "dog"), dataset.classes());
        assertEquals(5, dataset.train().size());
        assertEquals(val.isEmpty() ? 0 : 4, dataset.val().size());
        assertEquals(4, dataset.test().size());
        assertEquals("folders train, " + (val.isEmpty() ? "" : val + ", ") + "test", dataset.splitName());
        assertEquals("train/cat/image_0.png", dataset.train().get(0).path());
        assertTrue(Files.exists(dataset.file(dataset.test().get(3))));
        assertTrue(refusal(new SplitChoice.Random(1)).contains("divided into train and test already"));
    }

    @Test
    void dividedFoldersMustAgree() throws IOException {
        images("train/cat", 2);
        images("train/dog", 2);
        images("val/cat", 2);
        assertTrue(refusal(OWN).contains("holds train and val but no test"));
        images("test/cat", 2);
        assertTrue(refusal(OWN).contains("has no images of class dog"));
        images("test/dog", 2);
        assertEquals(2, open().val().size());
        images("val/eel", 2);
        assertTrue(refusal(OWN).contains("has the class eel"));
        Files.move(folder.resolve("val/eel"), folder.resolve("eel"));
        assertTrue(refusal(OWN).contains("holds the class folder eel beside them"));
        images("valid/cat", 1);
        assertTrue(refusal(OWN).contains("holds val and valid"));
    }

    @Test
    void imagesBesideTheDividedFoldersAreToldOf() throws IOException {
        for (String list : List.of("train", "test", "extra")) {
            images(list + "/cat", 2);
            images(list + "/dog", 2);
        }
        Dataset dataset = open();
        assertEquals(4, dataset.train().size());
        assertEquals(
                List.of("warning: folder " + folder.resolve("extra")
                        + " with 4 images in its subfolders lies beside train and test and is left out"),
                told.lines);
        assertEquals(1, dataset.warnings().size());
    }

    /** Such a folder is no part of the data: what it holds cannot make the data unusable. */
    @Test
    void whatCannotBeLookedIntoBesideTheDividedFoldersIsToldOf() throws IOException {
        for (String list : List.of("train", "test", "extra" + "/d".repeat(100))) {
            images(list + "/cat", 2);
            images(list + "/dog", 2);
        }
        assertEquals(4, open().train().size());
        assertEquals(
                List.of("warning: folder " + folder.resolve("extra") + " lies beside train and test and is left out;"
                        + " whether its subfolders hold images is not known, since one lies too deep or cannot be"
                        + " listed"),
                told.lines);
    }

    @Test
    void classMayBeCalledTrain() throws IOException {
        images("train", 4);
        images("bus", 4);
        assertEquals(List.of("bus", "train"), open().classes());
    }

    @Test
    void splitFileWinsOverClassFoldersUnlessARandomSplitIsAsked() throws IOException {
        TestDatasets.write(folder, List.of("ape", "bee"), 3, 1, 2);
        assertEquals("split_zhou_Test.json", open().splitName());
        assertEquals(
                "random:5",
                Datasets.open(folder, new SplitChoice.Random(5), told).splitName());
        assertEquals(open(), Datasets.open(folder, Optional.empty()));
    }
}
