package dev.metaprompt.app;

import dev.metaprompt.Golden;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What commit f709ce5 wrote, with the images and the model that it wrote it from. */
final class OldWork {
    private static final List<String> MIXED = List.of("rgba.png", "palette8.png", "grey-alpha.png", "bilevel.png");
    private static final List<String> MODEL =
            List.of("config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json");

    private OldWork() {}

    /** Writes it into an empty folder. */
    static void unpack(Path folder) throws IOException {
        unpack("f709ce5.zip", "", folder);
        Path model = Files.createDirectories(folder.resolve("model"));
        for (String name : MODEL) {
            Files.copy(Golden.path("clip-quick/" + name), model.resolve(name));
        }
        List<String> classes = SmallDataset.GOLDEN_CLASSES;
        SmallDataset.addValidation(SmallDataset.write(folder.resolve("images/dtd-small"), classes), classes);
        writeMixed(SmallDataset.write(folder.resolve("alpha/dtd-small"), classes));
    }

    /** Unpacks what lies below a folder of an archive. */
    static void unpack(String archive, String below, Path folder) throws IOException {
        try (InputStream file = OldWork.class.getResourceAsStream("old-work/" + archive);
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().startsWith(below)) {
                    Path path = folder.resolve(entry.getName().substring(below.length()));
                    Files.createDirectories(path.getParent());
                    Files.copy(zip, path);
                }
            }
        }
    }

    /** Images whose pixels depend on whether they are resized before they are converted. */
    private static void writeMixed(Path dataset) throws IOException {
        for (int i = 0; i < 13; i++) {
            Path image = dataset.resolve("images/cobwebbed/cobwebbed_" + i + ".png");
            try (InputStream golden =
                    OldWork.class.getResourceAsStream("/dev/metaprompt/image/golden/" + MIXED.get(i % 4))) {
                Files.copy(golden, image, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
