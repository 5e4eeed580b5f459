package dev.metaprompt.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images in subfolders of class folders, wherever class folders are listed. */
class NestedFoldersTest {
    private static final SplitChoice OWN = new SplitChoice.Own();

    @TempDir
    Path folder;

    private final Told told = new Told();

    private Path image(String path) throws IOException {
        Path file = folder.resolve(path);
        TestDatasets.image(file, 1, 2);
        return file;
    }

    private void images(String place, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            image(place + "/" + i + ".png");
        }
    }

    private Dataset open() {
        return Datasets.open(folder, OWN, told);
    }

    private static Set<String> paths(Dataset dataset) {
        Set<String> paths = new TreeSet<>();
        Stream.of(dataset.train(), dataset.val(), dataset.test())
                .forEach(list -> paths.addAll(TestDatasets.paths(list)));
        return paths;
    }

    private static JsonObject golden() throws IOException {
        try (var in = NestedFoldersTest.class.getResourceAsStream("/golden/nested-folders.json")) {
            return JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .getAsJsonObject();
        }
    }

    @Test
    void theOrderIsTorchvisions() throws IOException {
        JsonObject golden = golden();
        for (JsonElement name : golden.getAsJsonArray("files")) {
            image(name.getAsString());
        }
        List<String> expected = new ArrayList<>();
        golden.getAsJsonArray("samples").forEach(sample -> {
            int label = sample.getAsJsonArray().get(1).getAsInt();
            expected.add(sample.getAsJsonArray().get(0).getAsString() + " " + label);
        });
        ClassTree tree = ClassTree.list(folder, Set.of(), told);
        List<String> found = tree.labeled("", Datasets.sameNames(tree.classes())).stream()
                .map(image -> image.path() + " " + image.label())
                .toList();
        assertEquals(expected, found);
        assertTrue(
                told.lines.stream()
                        .anyMatch(line -> line.startsWith(
                                        "12 of the 16 images in " + folder + " lie in subfolders of class folders")
                                && line.endsWith("; earlier versions left them out")),
                told.lines.toString());
    }

    @Test
    void everyImageBelowAClassIsOfItAndIsFound() throws IOException {
        images("cat", 2);
        images("cat/indoors/winter", 6);
        images("dog/a", 4);
        images("dog/b", 4);
        Dataset dataset = open();
        assertEquals(16, paths(dataset).size());
        dataset.train().forEach(image -> {
            assertTrue(image.path().startsWith(image.className() + "/"), image.path());
            assertTrue(Files.exists(dataset.file(image)));
        });
        assertTrue(paths(dataset).contains("cat/indoors/winter/5.png"));
    }

    /** As torchvision, which asks whether it is a folder first. */
    @Test
    void aFolderThatIsNamedLikeAnImageIsGoneThrough() throws IOException {
        images("cat", 2);
        images("cat/batch.png", 3);
        images("dog/deep.jpg/deeper.webp", 4);
        images("eel.gif", 4);
        Dataset dataset = open();
        assertEquals(List.of("cat", "dog", "eel.gif"), dataset.classes());
        assertEquals(13, paths(dataset).size());
        assertTrue(paths(dataset).contains("cat/batch.png/2.png"));
        assertTrue(paths(dataset).contains("dog/deep.jpg/deeper.webp/0.png"));
        assertFalse(told.lines.stream().anyMatch(line -> line.contains("left out")), told.lines.toString());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need rights there")
    void linksToNothingAreLeftOutAsThatAndLinkedImagesAreNot() throws IOException {
        images("cat", 4);
        images("dog", 4);
        Files.createSymbolicLink(folder.resolve("cat/gone.png"), folder.resolve("nowhere.png"));
        Files.createSymbolicLink(folder.resolve("dog/gone.png"), folder.resolve("dog/gone.png"));
        Files.createSymbolicLink(folder.resolve("dog/there.png"), folder.resolve("cat/0.png"));
        Dataset dataset = open();
        assertEquals(9, paths(dataset).size());
        assertTrue(paths(dataset).contains("dog/there.png"));
        assertEquals(
                List.of(
                        "warning: 2 broken links .png below " + folder
                                + " are left out (cat 1, dog 1); read are JPEG, PNG, GIF, BMP and WebP files that are named so"),
                told.lines.stream().filter(line -> line.contains("left out")).toList());
    }

    @Test
    void dividedFoldersAndImageNetAreReadAlike() throws IOException {
        for (String name : List.of("cat", "dog")) {
            images("train/" + name + "/x", 3);
            images("val/" + name + "/x/y", 2);
            images("test/" + name, 1);
            images("test/" + name + "/x", 1);
        }
        Dataset divided = open();
        assertEquals(
                List.of(6, 4, 4),
                List.of(
                        divided.train().size(),
                        divided.val().size(),
                        divided.test().size()));
        assertEquals("train/cat/x/0.png", divided.train().get(0).path());
        Path other = folder.resolve("imagenet");
        for (String name : List.of("n01", "n02")) {
            images("imagenet/images/train/" + name + "/part", 3);
            images("imagenet/images/val/" + name, 1);
        }
        Files.writeString(other.resolve("classnames.txt"), "n01 cat\nn02 dog\n");
        Dataset imageNet = Datasets.open(other, OWN, told);
        assertEquals("train/n01/part/0.png", imageNet.train().get(0).path());
        assertEquals(6, imageNet.train().size());
    }

    /** What older versions made of each layout: the digest of the same folder without what they did not read. */
    @ParameterizedTest
    @ValueSource(strings = {"", "train/ test/", "images/train/ images/val/"})
    void theDigestOfOlderVersionsIsKnown(String parts) throws IOException {
        Path before = folder.resolve("before");
        Path now = folder.resolve("now");
        for (String part : parts.isEmpty() ? new String[] {""} : parts.split(" ")) {
            for (String name : List.of("cat", "dog")) {
                for (String root : List.of("before/", "now/")) {
                    images(root + part + name, 4);
                }
                images("now/" + part + name + "/more", 3);
                image("now/" + part + name + "/5.webp");
            }
            images("now/" + part + "eel/below", 4);
        }
        Files.createDirectories(before);
        for (Path root : List.of(before, now)) {
            if (parts.contains("images")) {
                Files.writeString(root.resolve("classnames.txt"), "cat cat\ndog dog\neel eel\n");
            }
        }
        Dataset older = Datasets.open(before, OWN, told);
        Dataset newer = Datasets.open(now, OWN, told);
        assertEquals(Optional.of(older.splitSha256()), newer.olderSplitSha256());
        assertFalse(newer.splitSha256().equals(older.splitSha256()));
        assertEquals(Optional.empty(), older.olderSplitSha256());
        assertEquals(newer.olderSplitSha256(), newer.named("other").olderSplitSha256());
    }

    @Test
    void whatOlderVersionsRefusedHasNoOlderDigest() throws IOException {
        images("cat/x", 4);
        images("dog", 4);
        assertEquals(Optional.empty(), open().olderSplitSha256());
        images("eel", 4);
        assertTrue(open().olderSplitSha256().isPresent());
    }

    @Test
    void partsOfADatasetAreNotTakenForClasses() throws IOException {
        images("Train/cat", 3);
        images("Validation/cat", 3);
        String message = assertThrows(InvalidInputException.class, this::open).getMessage();
        assertTrue(message.contains("holds Train and Validation, whose images lie in subfolders"), message);
        // Somebody's classes may be called so.
        images("Train", 3);
        images("Validation", 3);
        assertEquals(List.of("Train", "Validation"), open().classes());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need rights there")
    void linkedFoldersAreFollowedInsideTheDatasetOnly() throws IOException {
        images("data/cat", 4);
        images("data/cat/own", 2);
        images("data/dog/deep", 4);
        images("private", 7);
        Path data = folder.resolve("data");
        Files.createSymbolicLink(data.resolve("cat/friend"), data.resolve("dog/deep"));
        Files.createSymbolicLink(data.resolve("cat/friend again"), data.resolve("dog/deep"));
        Files.createSymbolicLink(data.resolve("cat/out"), folder.resolve("private"));
        Files.createSymbolicLink(data.resolve("cat/system"), Path.of("/usr"));
        Files.createSymbolicLink(data.resolve("cat/self"), data.resolve("cat"));
        Files.createSymbolicLink(data.resolve("cat/up"), data);
        Files.createSymbolicLink(data.resolve("cat/same"), data.resolve("cat/own"));
        Files.createSymbolicLink(data.resolve("dog/gone"), folder.resolve("nowhere"));
        Dataset dataset = Datasets.open(data, OWN, told);
        Files.delete(data.resolve("cat/system"));
        assertEquals(
                Map.of("cat", 4 + 2 + 4, "dog", 4),
                Map.of(
                        "cat",
                                (int) paths(dataset).stream()
                                        .filter(p -> p.startsWith("cat/"))
                                        .count(),
                        "dog",
                                (int) paths(dataset).stream()
                                        .filter(p -> p.startsWith("dog/"))
                                        .count()));
        assertTrue(paths(dataset).contains("cat/friend/0.png"));
        String lines = String.join("\n", told.lines);
        String below = " below " + data;
        assertTrue(
                lines.contains("warning: 3 linked folders that lead back into their class folder or above it" + below),
                lines);
        assertTrue(lines.contains("warning: 2 linked folders that lead out of the data set" + below), lines);
        assertTrue(lines.contains("warning: 1 linked folder that leads where another has led" + below), lines);
        assertTrue(lines.contains("warning: 1 file without a usual ending" + below), lines);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need rights there")
    void classFoldersMayLieElsewhere() throws IOException {
        images("data/cat", 4);
        images("disk/dog/x", 4);
        Path data = folder.resolve("data");
        Files.createSymbolicLink(data.resolve("dog"), folder.resolve("disk/dog"));
        Files.createSymbolicLink(folder.resolve("disk/dog/again"), folder.resolve("disk/dog"));
        assertEquals(8, paths(Datasets.open(data, OWN, told)).size());
    }

    @Test
    void foldersWithoutEndAreRefused() throws IOException {
        images("cat", 4);
        images("dog" + "/d".repeat(100), 4);
        String message = assertThrows(InvalidInputException.class, this::open).getMessage();
        assertTrue(message.contains("class folder " + folder.resolve("dog") + " holds folders in folders"), message);
        assertTrue(message.contains("; allowed"), message);
    }

    @Test
    void aTreeThatWasReadBeforeIsReadAsBefore() throws IOException {
        images("cat", 4);
        images("dog", 4);
        Dataset dataset = Datasets.open(folder, OWN, Progress.SILENT);
        // Recorded with the version before subfolders counted.
        assertEquals("5b9f0a860efa69dc27e2ba3244636c513438dad6221c870e526b7472ff09a7ed", dataset.splitSha256());
    }
}
