package dev.metaprompt.data.textures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextureRendererTest {
    @Test
    void classNamesAreTheFortySevenOfDtdInOrder() {
        List<String> names = TextureRenderer.classNames();
        assertEquals(47, names.size());
        assertEquals(names.stream().sorted().distinct().toList(), names);
        assertEquals("marbled", names.get(23));
        assertEquals("polka-dotted", names.get(30));
    }

    /** The digest is the same on every platform; where it changes, GENERATOR_VERSION has to rise. */
    @Test
    void pixelsOfAVersionNeverChange() throws Exception {
        assertEquals(
                "5020c4aa6e9e0cc1805fd95d85a2b482c7dbe70c766b15a7384ea892caf69a18", digest(TextureStyle.BENCHMARK));
        assertEquals("4c5038d0c2962e5fefd9a356eecbf928a9a75e06c6a414a19f7b40a0d7f68d33", digest(TextureStyle.DRAWN));
        assertEquals(2, TextureBenchmark.GENERATOR_VERSION);
    }

    private static String digest(TextureStyle style) throws Exception {
        TextureRenderer renderer = new TextureRenderer(style, 7);
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        for (int label = 0; label < 47; label++) {
            sha.update(renderer.render(label, 0).rgb());
            sha.update(renderer.render(label, 41).rgb());
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    @Test
    void threadsDoNotMatter() {
        TextureRenderer renderer = new TextureRenderer(TextureStyle.BENCHMARK, 3);
        byte[][] alone = IntStream.range(0, 47)
                .mapToObj(i -> renderer.render(i, 5).rgb())
                .toArray(byte[][]::new);
        byte[][] together = new byte[47][];
        IntStream.range(0, 47)
                .parallel()
                .forEach(i -> together[46 - i] = renderer.render(46 - i, 5).rgb());
        for (int i = 0; i < 47; i++) {
            assertArrayEquals(alone[i], together[i]);
        }
    }

    @Test
    void everyClassVariesAndShowsSomething() {
        TextureRenderer renderer = new TextureRenderer(TextureStyle.BENCHMARK, 11);
        for (int label = 0; label < 47; label++) {
            byte[] first = renderer.render(label, 0).rgb();
            assertFalse(Arrays.equals(first, renderer.render(label, 1).rgb()));
            double mean = 0;
            double square = 0;
            for (byte b : first) {
                mean += (b & 255) / (double) first.length;
                square += (b & 255) * (double) (b & 255) / first.length;
            }
            assertTrue(Math.sqrt(square - mean * mean) > 6, "flat image of class " + label);
        }
    }

    @Test
    void elementaryFunctionsAreRight() {
        for (double t = -3; t < 3; t += 0.0137) {
            assertEquals(StrictMath.sin(2 * StrictMath.PI * t), Field.sin(t), 1e-5);
            double x = Field.cos(t) * 2;
            double y = Field.sin(t) * 2;
            assertEquals(StrictMath.atan2(y, x) / (2 * StrictMath.PI), Field.angle(x, y), 1e-4);
            assertTrue(Field.noise(t * 9, t, 4) >= 0 && Field.noise(t * 9, t, 4) < 1);
        }
    }
}
