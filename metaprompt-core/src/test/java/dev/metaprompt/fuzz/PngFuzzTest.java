package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.image.ImageFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** PNG: chunks with right and wrong checksums, headers of every kind, data too short, too long and a thousandfold. */
class PngFuzzTest extends FuzzTest {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int[] SIDES = {0, 1, 2, 7, 8, 9, 64, 1000, 9459, 1_000_000, Integer.MAX_VALUE, -1};
    private static final int[] DEPTHS = {1, 2, 4, 8, 16, 0, 3, 32};
    private static final int[] COLORS = {0, 2, 3, 4, 6, 1, 7};

    @Override
    String fileName() {
        return "input.png";
    }

    @Override
    List<byte[]> seeds() throws Exception {
        return List.of(
                Pictures.file("png", Pictures.picture(BufferedImage.TYPE_INT_RGB, 9, 7), false),
                Pictures.file("png", Pictures.picture(BufferedImage.TYPE_INT_ARGB, 5, 11), true),
                Pictures.file("png", Pictures.picture(BufferedImage.TYPE_BYTE_GRAY, 16, 3), false),
                Pictures.file("png", Pictures.picture(BufferedImage.TYPE_USHORT_GRAY, 4, 4), false),
                Pictures.file("png", Pictures.picture(BufferedImage.TYPE_BYTE_BINARY, 17, 5), true),
                Pictures.file("png", Pictures.picture(BufferedImage.TYPE_BYTE_INDEXED, 13, 6), false));
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        boolean bomb = random.nextInt(250) == 0;
        int width = bomb ? 1 + random.nextInt(9459) : side(random);
        int height = bomb ? 1 + random.nextInt(9459) : side(random);
        int color = bomb ? 2 * random.nextInt(2) : pick(COLORS, random);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(SIGNATURE);
        chunk(
                file,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) (bomb || color != 0 && random.nextInt(4) > 0 ? 8 : pick(DEPTHS, random)))
                        .put((byte) color)
                        .put((byte) (random.nextInt(30) == 0 ? 1 : 0))
                        .put((byte) 0)
                        .put((byte) random.nextInt(random.nextInt(20) == 0 ? 4 : 2))
                        .array());
        if (random.nextInt(2) == 0) {
            chunk(file, "PLTE", noise(random, 3 * random.nextInt(random.nextInt(10) == 0 ? 300 : 256)));
        }
        int whole = (int) Math.min(1 << 27, (1L + width * (color + 1L)) * height);
        int most = !bomb ? 1 << random.nextInt(17) : random.nextInt(2) == 0 ? 1 << 27 : whole;
        chunk(
                file,
                "IDAT",
                deflated(random.nextInt(2) == 0 && !bomb ? noise(random, random.nextInt(most)) : new byte[most]));
        if (bomb || random.nextInt(10) > 0) {
            chunk(file, "IEND", new byte[0]);
        }
        return Optional.of(file.toByteArray());
    }

    private static int side(RandomStream random) {
        return random.nextInt(4) == 0 ? pick(SIDES, random) : 1 + random.nextInt(40);
    }

    private static int pick(int[] values, RandomStream random) {
        return values[Math.min(random.nextInt(values.length), random.nextInt(values.length))];
    }

    static byte[] noise(RandomStream random, int length) {
        byte[] noise = new byte[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (byte) random.nextInt(random.nextInt(2) == 0 ? 5 : 256);
        }
        return noise;
    }

    static byte[] deflated(byte[] raw) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        deflater.setInput(raw);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[1 << 16];
        while (!deflater.finished()) {
            out.write(block, 0, deflater.deflate(block));
        }
        deflater.end();
        return out.toByteArray();
    }

    static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
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

    /** Makes checksums right again in most files; else hardly any damage would come past them. */
    @Override
    byte[] mend(byte[] content, RandomStream random) {
        if (random.nextInt(8) == 0) {
            return content;
        }
        ByteBuffer file = ByteBuffer.wrap(content);
        for (long at = SIGNATURE.length; at + 12 <= content.length; ) {
            long length = file.getInt((int) at);
            if (length < 0 || at + 12 + length > content.length) {
                break;
            }
            CRC32 crc = new CRC32();
            crc.update(content, (int) at + 4, (int) length + 4);
            file.putInt((int) (at + 8 + length), (int) crc.getValue());
            at += 12 + length;
        }
        return content;
    }

    @Override
    void read(Path file) {
        ImageFiles.read(file);
    }
}
