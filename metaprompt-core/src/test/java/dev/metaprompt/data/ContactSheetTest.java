package dev.metaprompt.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.image.PixelImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContactSheetTest {
    @TempDir
    Path folder;

    @Test
    void showsTheFirstImagesOfEveryClassBesideItsName() throws IOException {
        Dataset dataset =
                Datasets.open(TestDatasets.write(folder, List.of("ape", "bee", "cat"), 3, 0, 1), Optional.empty());
        Path file = folder.resolve("sheet.png");
        ContactSheet.write(dataset, 2, 16, file);
        PixelImage sheet = ImageFiles.read(file);
        assertArrayEquals(ContactSheet.draw(dataset, 2, 16).samples(), sheet.samples());
        Set<Integer> colors = new HashSet<>();
        int black = 0;
        byte[] samples = sheet.samples();
        for (int i = 0; i < samples.length; i += 3) {
            int color = (samples[i] & 255) << 16 | (samples[i + 1] & 255) << 8 | samples[i + 2] & 255;
            colors.add(color);
            black += color == 0 ? 1 : 0;
        }
        // White, two images each of red 0, 20 and 40 with green 0 and 10; the third image is not shown.
        assertEquals(Set.of(0xFFFFFF, 0, 0x0A00, 0x140000, 0x140A00, 0x280000, 0x280A00), colors);
        // One image of 16 × 16 black pixels, and 9 letters of at least 10 dots of 2 × 2.
        assertTrue(black > 16 * 16 + 9 * 10 * 4, "only " + black + " black pixels");
    }

    @Test
    void lettersAreLegible() {
        String[] expected = {".###.", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"};
        for (int row = 0; row < SheetFont.HEIGHT; row++) {
            StringBuilder drawn = new StringBuilder();
            for (int column = 0; column < 5; column++) {
                drawn.append(SheetFont.isBlack("-a", 6 + column, row) ? '#' : '.');
            }
            assertEquals(expected[row], drawn.toString());
        }
        Set<String> shapes = new HashSet<>();
        String all = "abcdefghijklmnopqrstuvwxyz0123456789-. é";
        for (int i = 0; i < all.length(); i++) {
            StringBuilder shape = new StringBuilder();
            for (int dot = 0; dot < 35; dot++) {
                shape.append(SheetFont.isBlack(all, 6 * i + dot % 5, dot / 5) ? '#' : '.');
            }
            assertTrue(shapes.add(shape.toString()), "two characters look like " + all.charAt(i));
        }
    }

    @Test
    void brokenImageIsNamed() throws IOException {
        Dataset dataset = Datasets.open(TestDatasets.write(folder, List.of("ape", "bee"), 1, 0, 1), Optional.empty());
        Files.writeString(folder.resolve("images/bee/bee_0.png"), "broken");
        String message = assertThrows(InvalidInputException.class, () -> ContactSheet.draw(dataset, 1, 16))
                .getMessage();
        assertTrue(message.contains("bee_0.png"), message);
    }

    @Test
    void impossibleSizesAreRefused() {
        Dataset dataset = TestDatasets.inMemory(2, 1);
        assertThrows(IllegalArgumentException.class, () -> ContactSheet.draw(dataset, 0, 32));
        assertThrows(IllegalArgumentException.class, () -> ContactSheet.draw(dataset, 1, 4));
        assertThrows(IllegalArgumentException.class, () -> ContactSheet.draw(dataset, 1, 5000));
    }
}
