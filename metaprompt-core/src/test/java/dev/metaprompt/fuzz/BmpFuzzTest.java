package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.image.ImageFiles;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** BMP: header fields that lie, run lengths without end. */
class BmpFuzzTest extends FuzzTest {
    private List<byte[]> seeds;

    @Override
    String fileName() {
        return "input.bmp";
    }

    @Override
    List<byte[]> seeds() throws Exception {
        if (seeds == null) {
            seeds = List.of(
                    Pictures.file("bmp", Pictures.picture(BufferedImage.TYPE_INT_RGB, 7, 5), false),
                    Pictures.file("bmp", Pictures.picture(BufferedImage.TYPE_BYTE_GRAY, 10, 4), false),
                    Pictures.file("bmp", Pictures.picture(BufferedImage.TYPE_BYTE_BINARY, 33, 3), false),
                    Pictures.file("bmp", Pictures.picture(BufferedImage.TYPE_USHORT_565_RGB, 6, 6), false));
        }
        return seeds;
    }

    /** A header of likely fields before whatever bytes. */
    @Override
    Optional<byte[]> generate(RandomStream random) {
        int[] depths = {1, 4, 8, 16, 24, 32, 2, 0};
        int data = random.nextInt(2000);
        int[] headers = {40, 12, 56, 108, 124, 64, 0, -1};
        ByteBuffer file = ByteBuffer.allocate(54 + 1024 + data).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0);
        file.putInt(54 + random.nextInt(1025));
        file.putInt(headers[Math.min(random.nextInt(headers.length), random.nextInt(headers.length))]);
        file.putInt(side(random)).putInt(random.nextInt(3) == 0 ? -side(random) : side(random));
        file.putShort((short) 1).putShort((short) depths[random.nextInt(depths.length)]);
        file.putInt(random.nextInt(random.nextInt(5) == 0 ? 8 : 4)).putInt(random.nextInt(2) * data);
        file.putInt(0).putInt(0).putInt(random.nextInt(2) * random.nextInt(300)).putInt(0);
        file.put(PngFuzzTest.noise(random, file.remaining()));
        return Optional.of(file.array());
    }

    private static int side(RandomStream random) {
        return random.nextInt(30) == 0 ? 9459 : 1 + random.nextInt(30);
    }

    @Override
    void read(Path file) {
        ImageFiles.read(file);
    }
}
