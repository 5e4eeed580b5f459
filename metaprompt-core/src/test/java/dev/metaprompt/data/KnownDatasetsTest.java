package dev.metaprompt.data;

import static dev.metaprompt.data.TestDatasets.entry;
import static dev.metaprompt.data.TestDatasets.split;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownDatasetsTest {
    private static final SplitChoice OWN = new SplitChoice.Own();

    @TempDir
    Path root;

    private final Told told = new Told();

    private static KnownDataset known(String key) {
        return KnownDatasets.find(key).orElseThrow();
    }

    /** Two classes with an image in each list, named by the split file. */
    private Path write(KnownDataset known, String first, String second) throws IOException {
        Path folder = root.resolve(known.folder());
        Path images = folder.resolve(known.images());
        for (String path : List.of("x/1.png", "x/2.png", "y/1.png", "y/2.png")) {
            TestDatasets.image(images.resolve(path), 1, 2);
        }
        Files.writeString(
                folder.resolve(known.splitFile()),
                split(
                        List.of(entry("x/1.png", 0, first), entry("y/1.png", 1, second)),
                        List.of(),
                        List.of(entry("x/2.png", 0, first), entry("y/2.png", 1, second))));
        return folder;
    }

    private Dataset open(KnownDataset known) {
        return Datasets.open(known, root.resolve(known.folder()), OWN, told);
    }

    private String refusal(Path folder, SplitChoice choice) {
        String message = assertThrows(InvalidInputException.class, () -> Datasets.open(folder, choice, told))
                .getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.contains("; allowed"), message);
        return message;
    }

    @Test
    void thereAreElevenWithDistinctKeysFoldersAndSplitFiles() {
        List<KnownDataset> all = KnownDatasets.all();
        assertEquals(11, all.size());
        Set<String> names = new HashSet<>();
        for (KnownDataset known : all) {
            assertTrue(names.add(known.key()));
            assertEquals(1, known.template().split("\\{}", -1).length - 1, known.key());
            assertEquals(
                    known.layout() != KnownDataset.Layout.SPLIT_FILE,
                    known.splitFile().isEmpty());
        }
        assertEquals(
                9,
                all.stream()
                        .map(KnownDataset::splitFile)
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .count());
        assertEquals(known("oxford_flowers"), known("flowers102"));
        assertEquals(known("caltech101"), known("caltech-101"));
        assertEquals(known("food101"), known("food-101"));
        assertEquals(Optional.empty(), KnownDatasets.find("textures"));
        assertEquals(Optional.empty(), KnownDatasets.bySplitFile(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "caltech101     | caltech-101    | 101_ObjectCategories | a photo of a {}.",
                "oxford_pets    | oxford_pets    | images               | a photo of a {}, a type of pet.",
                "stanford_cars  | stanford_cars  |                      | a photo of a {}.",
                "oxford_flowers | oxford_flowers | jpg                  | a photo of a {}, a type of flower.",
                "food101        | food-101       | images               | a photo of {}, a type of food.",
                "sun397         | sun397         | SUN397               | a photo of a {}.",
                "dtd            | dtd            | images               | {} texture.",
                "eurosat        | eurosat        | 2750                 | a centered satellite photo of {}.",
                "ucf101         | ucf101         | UCF-101-midframes    | a photo of a person doing {}."
            })
    void splitFilesAreReadFromCoopsFolders(String key, String folder, String images, String template)
            throws IOException {
        Path home = write(known(key), "first", "second_class");
        assertEquals(root.resolve(folder), home);
        Path imageRoot = images == null ? home : home.resolve(images);
        for (Dataset dataset : List.of(open(known(key)), Datasets.open(home, OWN, told))) {
            assertEquals(imageRoot, dataset.imageRoot());
            assertEquals(template, dataset.template());
            assertEquals(List.of("first", "second_class"), dataset.classes());
            assertTrue(dataset.splitName().startsWith("split_zhou_"));
        }
        assertEquals(key, open(known(key)).name());
        assertEquals(folder, Datasets.open(home, OWN, told).name());
        if (images != null) {
            // The image folder alone leads to the same dataset.
            assertEquals(Datasets.open(home, OWN, told), Datasets.open(imageRoot, OWN, told));
        }
    }

    @Test
    void classNamesAreThoseOfCoop() throws IOException {
        write(known("eurosat"), "SeaLake", "Forest");
        assertEquals(List.of("Sea or Lake", "Forest"), open(known("eurosat")).classes());
        write(known("eurosat"), "Annual Crop Land", "River");
        assertEquals(
                List.of("Annual Crop Land", "River"), open(known("eurosat")).classes());
        write(known("caltech101"), "Faces", "ant");
        assertEquals(List.of("face", "ant"), open(known("caltech101")).classes());
        write(known("stanford_cars"), "2000 AM General Hummer SUV", "1991 Audi 100 Sedan");
        assertEquals(
                List.of("2000 AM General Hummer SUV", "1991 Audi 100 Sedan"),
                open(known("stanford_cars")).classes());
    }

    @Test
    void renamedClassesMustStayDifferent() throws IOException {
        Path folder = write(known("eurosat"), "River", "Sea or Lake");
        Path file = folder.resolve(known("eurosat").splitFile());
        Files.writeString(
                file, Files.readString(file).replace("\"y/1.png\", 1, \"Sea or Lake\"", "\"y/1.png\", 2, \"SeaLake\""));
        assertTrue(refusal(folder, OWN).contains("gives class Sea or Lake the label 2"));
    }

    @Test
    void fileThatBearsTheNameOfCoopsIsNotCalledCoops() throws IOException {
        write(known("dtd"), "banded", "woven");
        Dataset dataset = open(known("dtd"));
        assertEquals("split_zhou_DescribableTextures.json (not CoOp's published file)", dataset.splitName());
        assertEquals("{} texture.", dataset.named("mine").template());
        assertEquals(1, told.lines.size());
        assertTrue(told.lines.get(0).startsWith("warning: "), told.lines.get(0));
        assertTrue(told.lines.get(0).contains(dataset.splitSha256()), told.lines.get(0));
        write(known("oxford_pets"), "a", "b");
        assertEquals("split_zhou_OxfordPets.json", open(known("oxford_pets")).splitName());
        assertEquals(1, told.lines.size());
    }

    @Test
    void missingSplitOfANamedDatasetIsNeverMadeUp() throws IOException {
        for (String image : List.of("x/1.png", "x/2.png", "y/1.png", "y/2.png")) {
            TestDatasets.image(root.resolve("eurosat/2750").resolve(image), 1, 2);
        }
        String message = assertThrows(InvalidInputException.class, () -> open(known("eurosat")))
                .getMessage();
        assertTrue(message.contains("split_zhou_EuroSAT.json") && message.contains("random:<seed>"), message);
        Dataset random =
                Datasets.open(known("eurosat"), root.resolve("eurosat"), new SplitChoice.Random(4), Progress.SILENT);
        assertEquals("random:4", random.splitName());
        assertEquals("a centered satellite photo of {}.", random.template());
    }

    @Test
    void randomSplitOfAKnownDatasetRenamesAndLeavesOut() throws IOException {
        for (String name : List.of("BACKGROUND_Google", "Faces", "Faces_easy", "ant")) {
            TestDatasets.image(root.resolve("caltech-101/101_ObjectCategories").resolve(name + "/1.png"), 1, 2);
            TestDatasets.image(root.resolve("caltech-101/101_ObjectCategories").resolve(name + "/2.png"), 1, 2);
        }
        KnownDataset caltech = known("caltech101");
        Dataset dataset = Datasets.open(caltech, root.resolve("caltech-101"), new SplitChoice.Random(1), told);
        assertEquals(List.of("face", "ant"), dataset.classes());
        assertTrue(TestDatasets.paths(dataset.train()).get(0).startsWith("Faces/"));
    }

    @Test
    void splitFileMayLieBesideTheDataset() throws IOException {
        Path folder = write(known("dtd"), "banded", "woven");
        Files.createDirectories(folder.resolve("labels"));
        Files.writeString(folder.resolve("labels/train1.txt"), "x/1.png");
        Files.move(
                folder.resolve(known("dtd").splitFile()),
                root.resolve(known("dtd").splitFile()));
        assertTrue(open(known("dtd")).splitName().startsWith("split_zhou_"));
        assertEquals(
                List.of("banded", "woven"), Datasets.open(folder, OWN, told).classes());
    }

    @Test
    void anotherSplitFileMayBeNamed() throws IOException {
        Path folder = write(known("oxford_pets"), "a", "b");
        Path other = Files.writeString(
                root.resolve("my.json"),
                split(List.of(entry("x/1.png", 3, "c")), List.of(), List.of(entry("x/2.png", 3, "c"))));
        Dataset dataset = Datasets.open(folder, new SplitChoice.File(other), told);
        assertEquals("my.json", dataset.splitName());
        assertEquals(List.of("c"), dataset.classes());
        assertEquals("a photo of a {}, a type of pet.", dataset.template());
    }

    @Test
    void twoKindsOfSplitAreRefused() throws IOException {
        Path folder = write(known("oxford_pets"), "a", "b");
        Files.writeString(folder.resolve("variants.txt"), "a");
        Files.writeString(folder.resolve("images_variant_train.txt"), "1 a");
        assertTrue(refusal(folder, OWN).contains("one kind of split"));
        Files.createFile(folder.resolve("split_zhou_DescribableTextures.json"));
        assertTrue(refusal(folder, OWN).contains("2 split files"));
    }

    @Test
    void choiceOfTheSplitIsRead() {
        assertEquals(OWN, SplitChoice.parse(Optional.empty(), root));
        assertEquals(new SplitChoice.Official(10), SplitChoice.parse(Optional.of("official:10"), root));
        assertEquals(new SplitChoice.Random(7), SplitChoice.parse(Optional.of("random:7"), root));
        assertEquals(new SplitChoice.File(root.resolve("b.json")), SplitChoice.parse(Optional.of("a/../b.json"), root));
        for (String wrong : List.of("official:0", "official:11", "official:", "random:", "random:-1", "random:x")) {
            String message = assertThrows(
                            InvalidInputException.class, () -> SplitChoice.parse(Optional.of(wrong), root))
                    .getMessage();
            assertTrue(message.startsWith("dataset.split is " + wrong + "; allowed"), message);
        }
    }
}
