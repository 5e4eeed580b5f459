package dev.metaprompt.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.RandomStream;
import dev.metaprompt.image.PixelImage.Mode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFilesTest {
    @TempDir
    Path folder;

    private String refusal(String name, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve(name), content);
        String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(file))
                .getMessage();
        assertTrue(message.contains(file.toString()), message);
        assertFalse(message.contains("\n"), message);
        return message;
    }

    @Test
    void emptyFileIsNamed() throws IOException {
        assertTrue(refusal("empty.jpg", new byte[0]).contains("the file is empty"));
    }

    @Test
    void missingFileAndFolderAreNamed() {
        Path missing = folder.resolve("missing.jpg");
        String message = assertThrows(InvalidInputException.class, () -> ImageFiles.read(missing))
                .getMessage();
        assertTrue(message.contains(missing.toString()), message);
        assertThrows(InvalidInputException.class, () -> ImageFiles.read(folder));
    }

    @Test
    void textIsNoImage() throws IOException {
        byte[] text = "not an image".getBytes(StandardCharsets.UTF_8);
        assertTrue(refusal("text.jpg", text).contains("not those of an image"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ycc420.jpg",
                "progressive.jpg",
                "restart.jpg",
                "grey.jpg",
                "cmyk.jpg",
                "rgb.png",
                "palette4.png",
                "rgba16-interlaced.png",
                "palette.gif",
                "grey.gif",
                "rgb.bmp",
                "palette.bmp",
                "bilevel.bmp"
            })
    void truncatedFileIsNamedWhereverItEnds(String name) throws IOException {
        byte[] whole = GoldenViewsTest.resource(name);
        // A GIF's last bytes say only that no more frames follow.
        int spare = name.endsWith(".gif") ? 3 : 1;
        for (int length = 1; length <= whole.length - spare; length += length < 60 ? 3 : 61) {
            refusal(name, Arrays.copyOf(whole, length));
        }
        refusal(name, Arrays.copyOf(whole, whole.length - spare));
    }

    @Test
    void jpegWithLostMiddleIsNamedEvenThoughItsEndIsThere() throws IOException {
        byte[] whole = GoldenViewsTest.resource("ycc444.jpg");
        byte[] cut = Arrays.copyOf(whole, whole.length / 2);
        cut[cut.length - 2] = (byte) 0xFF;
        cut[cut.length - 1] = (byte) 0xD9;
        assertTrue(refusal("cut.jpg", cut).contains("damaged JPEG"));
    }

    /** A download that broke off on a reserved file: the right length, zeros at the end. */
    @Test
    void zeroFilledJpegIsNamed() throws IOException {
        byte[] whole = GoldenViewsTest.resource("ycc420.jpg");
        Arrays.fill(whole, whole.length / 2, whole.length, (byte) 0);
        assertTrue(refusal("zeros.jpg", whole).contains("truncated"));
    }

    @Test
    void bytesBehindTheEndAreIgnored() {
        for (String name : List.of("ycc420.jpg", "rgb.png", "palette.gif")) {
            byte[] whole = GoldenViewsTest.resource(name);
            byte[] longer = Arrays.copyOf(whole, whole.length + 100);
            PixelImage image = assertDoesNotThrow(() -> ImageFiles.decode(longer));
            assertArrayEquals(assertDoesNotThrow(() -> ImageFiles.decode(whole)).samples(), image.samples());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"progressive.jpg", "cmyk.jpg", "rgba.png", "palette1.png", "palette.gif", "palette.bmp"})
    void damageGivesAnImageOrOneLineButNothingElse(String name) throws IOException {
        byte[] whole = GoldenViewsTest.resource(name);
        RandomStream random = RandomStream.of(3, "damage");
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            for (int n = 0; n < 4; n++) {
                damaged[random.nextInt(Math.min(damaged.length, 900))] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve(name), damaged);
            try {
                ImageFiles.read(file);
            } catch (InvalidInputException e) {
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
            }
        }
    }

    /** Behind header and palette no byte is needed to know it. */
    @ParameterizedTest
    @ValueSource(
            strings = {"rgb.png", "palette4.png", "palette.gif", "grey.gif", "rgb.bmp", "palette.bmp", "bilevel.bmp"})
    void theModeIsReadWithoutThePixels(String name) throws IOException {
        byte[] whole = GoldenViewsTest.resource(name);
        Mode mode = ImageFiles.decode(whole).mode();
        assertEquals(mode, ImageFiles.mode(whole));
        byte[] cut = Arrays.copyOf(whole, whole.length * 2 / 3);
        assertThrows(IOException.class, () -> ImageFiles.decode(cut));
        assertEquals(Optional.of(mode.dependsOnOrder()), ImageFiles.dependOnOrder(cut));
    }

    @Test
    void hugePngIsRefusedByItsHeader() throws IOException {
        assertTrue(refusal("bomb.png", pngWithSize(60_000, 60_000)).contains("60000×60000"));
        assertTrue(refusal("strip.png", pngWithSize(2_000_000, 1)).contains("2000000×1"));
        assertTrue(refusal("negative.png", pngWithSize(-1, 1)).contains("no pixels"));
        // Below the limit, but the few bytes behind the header cannot hold that many pixels.
        assertTrue(refusal("lie.png", pngWithSize(9_000, 9_000)).contains("truncated"));
    }

    @Test
    void hugeJpegAndGifAreRefusedByTheirHeaders() throws IOException {
        byte[] jpeg = GoldenViewsTest.resource("ycc444.jpg");
        for (int i = 0; ; i++) {
            if ((jpeg[i] & 255) == 0xFF && (jpeg[i + 1] & 255) == 0xC0) {
                Arrays.fill(jpeg, i + 5, i + 9, (byte) 0xFE);
                break;
            }
        }
        assertTrue(refusal("bomb.jpg", jpeg).contains("65278×65278"));
        byte[] gif = GoldenViewsTest.resource("palette.gif");
        Arrays.fill(gif, 6, 10, (byte) 0xFF);
        assertTrue(refusal("bomb.gif", gif).contains("65535×65535"));
    }

    private static byte[] pngWithSize(int width, int height) {
        byte[] png = GoldenViewsTest.resource("rgb.png");
        ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        return png;
    }

    @Test
    void wrongPngChecksumIsNamed() throws IOException {
        byte[] png = GoldenViewsTest.resource("rgb.png");
        png[60] ^= 1;
        assertTrue(refusal("flipped.png", png).contains("checksum"));
    }

    @Test
    void modesAreTheFilesOwn() throws IOException {
        assertEquals(
                Mode.CMYK,
                ImageFiles.decode(GoldenViewsTest.resource("cmyk.jpg")).mode());
        assertEquals(
                Mode.GREY,
                ImageFiles.decode(GoldenViewsTest.resource("grey.jpg")).mode());
        assertEquals(
                Mode.BILEVEL,
                ImageFiles.decode(GoldenViewsTest.resource("bilevel.png")).mode());
        assertEquals(
                Mode.PALETTE,
                ImageFiles.decode(GoldenViewsTest.resource("palette2.png")).mode());
        assertEquals(
                Mode.GREY_ALPHA,
                ImageFiles.decode(GoldenViewsTest.resource("grey-alpha.png")).mode());
        assertEquals(
                Mode.RGBA,
                ImageFiles.decode(GoldenViewsTest.resource("rgba.png")).mode());
    }

    @Test
    void writtenPngReadsBack() throws IOException {
        RandomStream random = RandomStream.of(4, "png");
        for (int width : new int[] {1, 2, 33}) {
            byte[] samples = new byte[width * 7 * 3];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (byte) random.nextInt(256);
            }
            Path file = folder.resolve("written.png");
            PngWriter.write(file, PixelImage.rgb(width, 7, samples));
            PixelImage image = ImageFiles.read(file);
            assertEquals(width, image.width());
            assertArrayEquals(samples, image.samples());
        }
    }

    @Test
    void listIsSortedAndHoldsImagesAlone() throws IOException {
        for (String name : List.of("b.PNG", "a.jpg", "c.txt", ".hidden.jpg", "B.gif")) {
            Files.createFile(folder.resolve(name));
        }
        Files.createDirectory(folder.resolve("folder.jpg"));
        List<String> names = ImageFiles.list(folder).stream()
                .map(file -> file.getFileName().toString())
                .toList();
        assertEquals(List.of("B.gif", "a.jpg", "b.PNG"), names);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need rights there")
    void aWalkTellsAllThatItLeavesOut() throws IOException {
        for (String name :
                List.of("b.png", "a/c.jpg", "a/d.png/e.png", ".hidden.png", ".ipynb_checkpoints/a/f.png", "g.txt")) {
            Path file = folder.resolve("walk").resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[] {1});
        }
        Path walked = folder.resolve("walk");
        Files.createDirectories(folder.resolve("elsewhere"));
        Files.write(folder.resolve("elsewhere/h.png"), new byte[] {1});
        Files.createSymbolicLink(walked.resolve("a/linked"), folder.resolve("elsewhere"));
        Files.createSymbolicLink(walked.resolve("a/up"), walked);
        Files.createSymbolicLink(walked.resolve("a/self.png"), walked.resolve("a/self.png"));
        Files.createSymbolicLink(walked.resolve("gone.png"), folder.resolve("nowhere"));
        Files.createSymbolicLink(walked.resolve(".ipynb_checkpoints/up"), walked);
        Files.createSymbolicLink(walked.resolve(".ipynb_checkpoints/linked"), folder.resolve("elsewhere"));
        Map<String, ImageWalk.Other> others = new TreeMap<>();
        List<Path> images = ImageFiles.walk(
                walked, (other, why) -> others.put(walked.relativize(other).toString(), why));
        assertEquals(
                List.of("a/c.jpg", "a/d.png/e.png", "a/linked/h.png", "b.png"),
                images.stream().map(file -> walked.relativize(file).toString()).toList());
        assertEquals(
                new TreeMap<>(Map.of(
                        ".hidden.png", ImageWalk.Other.HIDDEN,
                        ".ipynb_checkpoints/a/f.png", ImageWalk.Other.HIDDEN,
                        "a/up", ImageWalk.Other.CIRCLE,
                        "a/self.png", ImageWalk.Other.BROKEN_LINK,
                        "gone.png", ImageWalk.Other.BROKEN_LINK,
                        "g.txt", ImageWalk.Other.FILE)),
                others);
    }
}
