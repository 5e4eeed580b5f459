package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.image.ImageFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** JPEG: sizes that lie, scans without number, segments in any order. */
class JpegFuzzTest extends FuzzTest {
    private List<byte[]> seeds;

    @Override
    String fileName() {
        return "input.jpg";
    }

    @Override
    List<byte[]> seeds() throws Exception {
        if (seeds == null) {
            seeds = List.of(
                    Pictures.file("jpeg", Pictures.picture(BufferedImage.TYPE_INT_RGB, 19, 9), false),
                    Pictures.file("jpeg", Pictures.picture(BufferedImage.TYPE_INT_RGB, 33, 17), true),
                    Pictures.file("jpeg", Pictures.picture(BufferedImage.TYPE_BYTE_GRAY, 8, 8), false),
                    Pictures.file("jpeg", Pictures.picture(BufferedImage.TYPE_BYTE_GRAY, 24, 40), true));
        }
        return seeds;
    }

    /** Takes a file apart and puts its segments together otherwise. */
    @Override
    Optional<byte[]> generate(RandomStream random) {
        List<byte[]> parts = new ArrayList<>(parts(seeds.get(random.nextInt(seeds.size()))));
        for (int i = random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(parts.size());
            byte[] part = parts.get(at);
            switch (random.nextInt(5)) {
                case 0 -> parts.remove(at);
                case 1 -> parts.add(random.nextInt(parts.size() + 1), part);
                case 2 -> resize(parts, random);
                case 3 -> parts.addAll(at, java.util.Collections.nCopies(1 << random.nextInt(8), part));
                default -> parts.set(at, new Mutator(random, seeds).mutate(part));
            }
            if (parts.isEmpty()) {
                break;
            }
        }
        if (random.nextInt(500) == 0) {
            resize(parts, random);
            manyScans(parts);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        parts.forEach(file::writeBytes);
        return Optional.of(file.toByteArray());
    }

    /** Segments with their markers; a scan goes with its data. */
    private static List<byte[]> parts(byte[] file) {
        List<byte[]> parts = new ArrayList<>();
        int from = 0;
        for (int i = 2; i + 1 < file.length; i++) {
            int next = file[i + 1] & 255;
            if (file[i] == (byte) 0xFF && next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
                parts.add(Arrays.copyOfRange(file, from, i));
                from = i;
                if (next != 0xD9) {
                    i += 1 + ((file[i + 2] & 255) << 8 | file[i + 3] & 255);
                }
            }
        }
        parts.add(Arrays.copyOfRange(file, from, file.length));
        return parts;
    }

    private static void resize(List<byte[]> parts, RandomStream random) {
        int[] sides = {0, 1, 100, 1000, 9459, 65535};
        for (byte[] part : parts) {
            if (part.length > 9 && (part[1] == (byte) 0xC0 || part[1] == (byte) 0xC2)) {
                for (int at = 5; at < 9; at += 2) {
                    int side = sides[random.nextInt(sides.length)];
                    part[at] = (byte) (side >> 8);
                    part[at + 1] = (byte) side;
                }
            }
        }
    }

    private static void manyScans(List<byte[]> parts) {
        for (int i = 0; i < parts.size(); i++) {
            byte[] part = parts.get(i);
            if (part.length > 1 && part[1] == (byte) 0xDA) {
                parts.addAll(i, java.util.Collections.nCopies(2000, part));
                return;
            }
        }
    }

    @Override
    void read(Path file) {
        ImageFiles.read(file);
    }
}
