package dev.metaprompt.image;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebP, lossy, lossless and moving, gives the very samples that Pillow gives. */
class WebpDecoderTest {
    @TempDir
    Path folder;

    private static Path golden() throws URISyntaxException {
        return Path.of(WebpDecoderTest.class
                        .getResource("/golden/webp/index.json")
                        .toURI())
                .getParent();
    }

    /** Compares all files of a folder; returns how many. */
    private static int compare(Path files) throws IOException {
        List<String> failures = new ArrayList<>();
        int compared = 0;
        for (JsonElement element : JsonParser.parseString(Files.readString(files.resolve("index.json")))
                .getAsJsonArray()) {
            JsonObject expected = element.getAsJsonObject();
            PixelImage image =
                    ImageFiles.read(files.resolve(expected.get("file").getAsString()));
            String found =
                    image.mode() + " " + image.width() + "×" + image.height() + " " + Sha256.hex(image.samples());
            String wanted = expected.get("mode").getAsString() + " "
                    + expected.get("width").getAsInt() + "×"
                    + expected.get("height").getAsInt() + " "
                    + expected.get("sha256").getAsString();
            if (!found.equals(wanted)) {
                failures.add(expected.get("file").getAsString() + ": " + found + " instead of " + wanted);
            }
            compared++;
        }
        assertEquals(List.of(), failures);
        return compared;
    }

    @Test
    void samplesAreThoseOfPillow() throws Exception {
        assertEquals(41, compare(golden()));
    }

    @Test
    void photographsTooWhereTheyAre() throws Exception {
        String files = System.getProperty("webp.folder");
        assumeTrue(files != null, "no photographs: -Dwebp.folder");
        assertTrue(compare(Path.of(files)) >= 20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"lossy-70.webp", "lossy-alpha.webp", "lossless-50.webp", "lossless-alpha.webp", "moving.webp"})
    void aTruncatedFileIsNamedWhereverItEnds(String name) throws Exception {
        byte[] whole = Files.readAllBytes(golden().resolve(name));
        for (int length = 12; length < whole.length; length += Math.max(1, whole.length / 40)) {
            Path file = Files.write(folder.resolve("cut.webp"), Arrays.copyOf(whole, length));
            String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file), length + " bytes")
                    .getMessage();
            assertTrue(message.contains(file + " cannot be read: ") && message.contains("; allowed"), message);
        }
    }

    /** What ends inside of its frame, though the container is whole. */
    @ParameterizedTest
    @ValueSource(strings = {"lossy-70.webp", "lossless-50.webp"})
    void aStreamThatEndsEarlyIsAnError(String name) throws Exception {
        byte[] whole = Files.readAllBytes(golden().resolve(name));
        byte[] cut = Arrays.copyOf(whole, whole.length / 4 * 2);
        number(cut, 4, cut.length - 8);
        number(cut, 16, cut.length - 20);
        Path file = Files.write(folder.resolve("cut.webp"), cut);
        String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file))
                .getMessage();
        assertTrue(message.contains("truncated"), message);
    }

    /**
     * Whether a picture is lossy or not, its headers say its mode: of a million files nobody decodes one to learn it.
     */
    @Test
    void theModeIsInTheHeaders() throws Exception {
        for (JsonElement element : JsonParser.parseString(Files.readString(golden().resolve("index.json")))
                .getAsJsonArray()) {
            String name = element.getAsJsonObject().get("file").getAsString();
            byte[] whole = Files.readAllBytes(golden().resolve(name));
            assertEquals(ImageFiles.decode(whole).mode(), ImageFiles.mode(whole), name);
        }
        for (String name : List.of("lossy-70.webp", "lossless-50.webp")) {
            byte[] cut = Arrays.copyOf(Files.readAllBytes(golden().resolve(name)), 40);
            number(cut, 4, cut.length - 8);
            number(cut, 16, cut.length - 20);
            assertEquals(Optional.of(false), ImageFiles.dependOnOrder(cut), name);
        }
    }

    private static void number(byte[] bytes, int at, int number) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (number >> 8 * i);
        }
    }

    /** A frame header that claims 16,383 × 5,000 pixels, and nothing behind it. */
    @Test
    @Timeout(300)
    void sizesThatTheBytesCannotHoldTakeNoMemory() throws Exception {
        byte[] lossy = Files.readAllBytes(golden().resolve("lossy-70.webp"));
        number(lossy, 26, 16_383 | 5_000 << 16);
        byte[] lossless = Files.readAllBytes(golden().resolve("lossless-1x1.webp"));
        lossless[21] = (byte) 0xFF;
        lossless[22] = (byte) 0xFF;
        lossless[23] = (byte) 0xE0;
        lossless[24] = (byte) (lossless[24] & 0xF0 | 4);
        for (byte[] bomb : List.of(lossy, lossless)) {
            Path file = Files.write(folder.resolve("bomb.webp"), bomb);
            String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file))
                    .getMessage();
            assertTrue(message.contains("truncated") || message.contains("more than are read"), message);
        }
    }

    @Test
    void onePixelsColourMayFillAPicture() throws Exception {
        assertDoesNotThrow(() -> ImageFiles.read(golden().resolve("lossless-one-color.webp")));
    }

    @Test
    void contentCountsAndNotTheName() throws Exception {
        Path file = Files.copy(golden().resolve("lossy-70.webp"), folder.resolve("photo.jpg"));
        assertEquals(PixelImage.Mode.RGB, ImageFiles.read(file).mode());
        assertTrue(ImageFiles.beginsLikeImage(file));
    }
}
