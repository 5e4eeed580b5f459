package dev.metaprompt.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever lies in class folders and is not read is told: count, ending and class. */
class LeftOutFilesTest {
    private static final SplitChoice OWN = new SplitChoice.Own();

    @TempDir
    Path folder;

    private final Told told = new Told();

    private void images(String place, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            TestDatasets.image(folder.resolve(place).resolve(i + ".png"), 1, 2);
        }
    }

    private void file(String name) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), "x");
    }

    private String refusal() {
        String message = assertThrows(InvalidInputException.class, () -> Datasets.open(folder, OWN, told))
                .getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.contains("; allowed"), message);
        return message;
    }

    @Test
    void eachEndingIsAWarningWithItsClasses() throws IOException {
        images("cat", 4);
        images("dog", 4);
        for (int i = 0; i < 3; i++) {
            file("cat/" + i + ".TIF");
            file("dog/below/" + i + ".tif");
        }
        file("dog/p.heic");
        file("dog/._p.jpg");
        file("dog/README");
        file("dog/.DS_Store");
        file("cat/Thumbs.db");
        file("cat/" + "e".repeat(30) + "." + "e".repeat(30));
        Datasets.open(folder, OWN, told);
        String end = "); read are JPEG, PNG, GIF, BMP and WebP files that are named so";
        assertEquals(
                List.of(
                        "warning: 6 files .tif below " + folder + " are left out (cat 3, dog 3" + end,
                        "warning: 2 files without a usual ending below " + folder + " are left out (cat 1, dog 1" + end,
                        "warning: 1 file .heic below " + folder + " is left out (dog 1" + end,
                        "warning: 1 hidden file .jpg below " + folder + " is left out (dog 1" + end),
                told.lines);
    }

    @Test
    void manyClassesAndEndingsStayFewLines() throws IOException {
        LeftOutFiles leftOut = new LeftOutFiles();
        for (int i = 0; i < 17; i++) {
            leftOut.file("class" + (char) ('a' + i), "1.tif", false);
        }
        for (int i = 0; i < 10_000; i++) {
            leftOut.file("::error::\u001b[31m" + "x".repeat(500), "1.e" + i, false);
        }
        leftOut.tell(folder, told);
        assertTrue(told.lines.size() <= 14, told.lines.size() + " lines");
        String lines = String.join("\n", told.lines);
        assertTrue(
                lines.contains("warning: 17 files .tif below " + folder
                        + " are left out (classa 1, classb 1, classc 1, classd 1, classe 1 and 12 more classes)"),
                lines);
        assertFalse(lines.contains("\u001b") || lines.contains("x".repeat(81)), lines);
        int sum = told.lines.stream()
                .mapToInt(line -> Integer.parseInt(line.split(" ")[1]))
                .sum();
        assertEquals(10_017, sum, "each file is counted once");
    }

    @ParameterizedTest
    @ValueSource(strings = {".tif", ".HEIC", ".avif", ".svg", ".jp2"})
    void aClassOfPicturesThatAreNotReadIsRefused(String ending) throws IOException {
        images("cat", 4);
        images("dog", 4);
        for (int i = 0; i < 12; i++) {
            file("eel/sub/" + i + ending);
        }
        String message = refusal();
        assertTrue(
                message.contains("class folder " + folder.resolve("eel") + " holds no image that is read, but 12 files "
                        + ending.toLowerCase(Locale.ROOT)),
                message);
    }

    @Test
    void aClassOfImagesWithoutEndingsIsRefused() throws IOException {
        images("cat", 4);
        images("dog", 4);
        images("eel", 1);
        Files.move(folder.resolve("eel/0.png"), folder.resolve("eel/0"));
        assertTrue(refusal().contains("but 1 file without a usual ending"));
    }

    @Test
    void aFolderOfOtherThingsIsAWarning() throws IOException {
        images("cat", 4);
        images("dog", 4);
        file("lists/train.txt");
        Files.writeString(folder.resolve("lists/short"), "BM");
        Files.writeString(folder.resolve("lists/long"), "BM 25, a text of some length");
        Files.createDirectories(folder.resolve("empty"));
        file("__MACOSX/cat/._0.png");
        images("", 3);
        assertEquals(List.of("cat", "dog"), Datasets.open(folder, OWN, told).classes());
        String lines = String.join("\n", told.lines);
        assertTrue(told.lines.stream().allMatch(line -> line.startsWith("warning: ")), lines);
        assertTrue(
                lines.contains("class folder " + folder.resolve("empty") + " holds no images and is left out\n"),
                lines);
        assertTrue(
                lines.contains(
                        "lists holds no images and is left out (it holds 1 file .txt, 2 files without a usual ending)"),
                lines);
        assertTrue(lines.contains("__MACOSX holds no images and is left out (it holds 1 hidden file .png)"), lines);
        assertTrue(lines.contains("3 images in " + folder + " are in no class folder and left out"), lines);
    }
}
