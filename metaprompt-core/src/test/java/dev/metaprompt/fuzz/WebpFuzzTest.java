package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.image.ImageFiles;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** WebP: chunks of every kind with noise in them, sizes of every kind, and lengths that are made right again. */
class WebpFuzzTest extends FuzzTest {
    private static final List<String> CHUNKS = List.of("VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "EXIF");
    private static final int HEADER = 12;

    @Override
    String fileName() {
        return "input.webp";
    }

    @Override
    List<byte[]> seeds() throws Exception {
        Path folder = Path.of(WebpFuzzTest.class
                        .getResource("/golden/webp/index.json")
                        .toURI())
                .getParent();
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>)
                    files.filter(path -> path.toString().endsWith(".webp")).sorted()::iterator) {
                seeds.add(Files.readAllBytes(file));
            }
        }
        return seeds;
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String name = CHUNKS.get(random.nextInt(CHUNKS.size()));
            byte[] content = content(name, random);
            chunks.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
            chunks.writeBytes(little(content.length));
            chunks.writeBytes(content);
            if (content.length % 2 == 1) {
                chunks.write(0);
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("RIFF".getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(little(4 + chunks.size()));
        file.writeBytes("WEBP".getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(chunks.toByteArray());
        return Optional.of(file.toByteArray());
    }

    private static byte[] little(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }

    private static byte[] content(String name, RandomStream random) {
        byte[] noise = PngFuzzTest.noise(random, 10 + random.nextInt(1 << random.nextInt(13)));
        int side = random.nextInt(3) == 0 ? 1 + random.nextInt(16_383) : 1 + random.nextInt(70);
        int other = 1 + random.nextInt(70);
        ByteBuffer start = ByteBuffer.wrap(noise).order(ByteOrder.LITTLE_ENDIAN);
        if (name.equals("VP8 ")) {
            int first = random.nextInt(noise.length);
            start.put((byte) (first << 5)).put((byte) (first >> 3)).put((byte) (first >> 11));
            start.put((byte) 0x9D)
                    .put((byte) 1)
                    .put((byte) 0x2A)
                    .putShort((short) side)
                    .putShort((short) other);
        } else if (name.equals("VP8L")) {
            start.put((byte) 0x2F).putInt(side - 1 | other - 1 << 14);
        } else if (name.equals("VP8X")) {
            start.putInt(noise[0] & 18).putInt(side - 1 | other - 1 << 24).putShort((short) (other - 1 >> 8));
        }
        return noise;
    }

    /** Makes the lengths of the file and its first chunk right again in most files. */
    @Override
    byte[] mend(byte[] content, RandomStream random) {
        if (random.nextInt(4) > 0 && content.length > HEADER + 8) {
            ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
            file.putInt(4, content.length - 8);
            int first = file.getInt(HEADER + 4);
            if (first < 0 || first > content.length - HEADER - 8) {
                file.putInt(HEADER + 4, content.length - HEADER - 8);
            }
        }
        return content;
    }

    @Override
    void read(Path file) {
        ImageFiles.read(file);
    }
}
