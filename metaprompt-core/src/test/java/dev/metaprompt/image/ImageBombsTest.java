package dev.metaprompt.image;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that would keep a reader busy for long. */
class ImageBombsTest {
    @TempDir
    Path folder;

    private String refusal(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("bomb"), content);
        return assertTimeout(
                        Duration.ofSeconds(20),
                        () -> assertThrows(InvalidInputException.class, () -> ImageFiles.read(file)))
                .getMessage();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] body = ByteBuffer.allocate(4 + data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
        CRC32 crc = new CRC32();
        crc.update(body);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(body);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /** A grey PNG of one pixel with some zeros behind it. */
    private static byte[] png(int zeros) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
            byte[] block = new byte[1 << 16];
            for (int left = 2 + zeros; left > 0; left -= block.length) {
                deflater.write(block, 0, Math.min(left, block.length));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        chunk(out, "IHDR", new byte[] {0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0});
        chunk(out, "IDAT", packed.toByteArray());
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {2 << 20, 1 << 30})
    void dataBehindTheLastPixelIsNotUnpackedToItsEnd(int zeros) throws IOException {
        String message = refusal(png(zeros));
        assertTrue(message.contains("more pixel data"), message);
    }

    @Test
    void aLittleDataBehindTheLastPixelIsLeftAlone() throws IOException {
        Path file = Files.write(folder.resolve("padded.png"), png(1000));
        assertDoesNotThrow(() -> ImageFiles.read(file));
    }

    /** A progressive JPEG whose first scan stands there many times. */
    private static byte[] jpeg(int scans) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam options = writer.getDefaultWriteParam();
            options.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            BufferedImage image = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
            writer.write(null, new IIOImage(image, null, null), options);
        } finally {
            writer.dispose();
        }
        byte[] file = bytes.toByteArray();
        int begin = marker(file, 0xDA, 0);
        int end = marker(file, 0xC4, begin);
        byte[] scan = Arrays.copyOfRange(file, begin, end);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(file, 0, begin);
        for (int i = 0; i < scans; i++) {
            many.writeBytes(scan);
        }
        many.write(file, end, file.length - end);
        return many.toByteArray();
    }

    private static int marker(byte[] file, int marker, int from) {
        int at = from;
        while (file[at] != (byte) 0xFF || file[at + 1] != (byte) marker) {
            at++;
        }
        return at;
    }

    @Test
    void moreRowsThanTheDataCanHoldAreNotMadeUp() throws IOException {
        byte[] file = jpeg(1);
        int frame = marker(file, 0xC2, 0);
        ByteBuffer.wrap(file).putShort(frame + 5, (short) 60_000);
        ByteBuffer.wrap(file).putShort(frame + 7, (short) 1_480);
        String message = refusal(Arrays.copyOf(file, file.length));
        assertTrue(file.length < 8_000 && message.contains("trunc"), message);
    }

    @Test
    void scansWithoutNumberAreRefused() throws IOException {
        Path file = Files.write(folder.resolve("usual.jpg"), jpeg(1));
        assertDoesNotThrow(() -> ImageFiles.read(file));
        String message = refusal(jpeg(3000));
        assertTrue(message.contains("scans, more than are read at 640×480"), message);
    }
}
