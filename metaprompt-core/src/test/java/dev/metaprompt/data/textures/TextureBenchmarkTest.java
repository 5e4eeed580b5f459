package dev.metaprompt.data.textures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.Sha256;
import dev.metaprompt.TestJvm;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.Datasets;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextureBenchmarkTest {
    private static final long SEED = 1001;

    @TempDir
    static Path cache;

    private static Path folder;

    /** Two at once: both must succeed and leave one whole folder. */
    @BeforeAll
    static void prepareTwiceAtOnce() throws Exception {
        CompletableFuture<Path> other =
                CompletableFuture.supplyAsync(() -> TextureBenchmark.prepare(cache, SEED, Progress.SILENT));
        folder = TextureBenchmark.prepare(cache, SEED, Progress.SILENT);
        assertEquals(folder, other.get());
    }

    @Test
    void nothingButTheFolderIsLeftInTheCache() throws Exception {
        try (Stream<Path> files = Files.list(cache)) {
            assertEquals(List.of(folder), files.toList());
        }
    }

    @Test
    void splitNamesEveryImageOnce() throws Exception {
        JsonObject split = JsonParser.parseString(Files.readString(folder.resolve(TextureBenchmark.SPLIT_FILE)))
                .getAsJsonObject();
        Set<String> seen = new HashSet<>();
        assertEquals(47 * 40, check(split.getAsJsonArray("train"), seen));
        assertEquals(47 * 8, check(split.getAsJsonArray("val"), seen));
        assertEquals(47 * 52, check(split.getAsJsonArray("test"), seen));
        assertEquals(4700, seen.size());
    }

    private static int check(JsonArray items, Set<String> seen) {
        for (int i = 0; i < items.size(); i++) {
            JsonArray item = items.get(i).getAsJsonArray();
            String name = TextureRenderer.classNames().get(item.get(1).getAsInt());
            assertEquals(name, item.get(2).getAsString());
            assertTrue(item.get(0).getAsString().startsWith(name + "/" + name + "_"));
            assertTrue(Files.isRegularFile(
                    folder.resolve("images").resolve(item.get(0).getAsString())));
            seen.add(item.get(0).getAsString());
        }
        return items.size();
    }

    @Test
    void filesHoldTheRenderedPixels() throws Exception {
        BufferedImage image =
                ImageIO.read(folder.resolve("images/woven/woven_0003.png").toFile());
        byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        byte[] rgb = new TextureRenderer(TextureStyle.BENCHMARK, SEED)
                .render(TextureRenderer.classNames().indexOf("woven"), 2)
                .rgb();
        for (int i = 0; i < rgb.length; i += 3) {
            byte swap = bgr[i];
            bgr[i] = bgr[i + 2];
            bgr[i + 2] = swap;
        }
        assertArrayEquals(rgb, bgr);
    }

    @Test
    void secondCallTouchesNothingAndADamagedFolderIsRepaired() throws Exception {
        Path image = folder.resolve("images/grid/grid_0001.png");
        byte[] whole = Files.readAllBytes(image);
        FileTime before = Files.getLastModifiedTime(image);
        TextureBenchmark.prepare(cache, SEED, Progress.SILENT);
        assertEquals(before, Files.getLastModifiedTime(image));
        Files.write(image, new byte[10]);
        TextureBenchmark.prepare(cache, SEED, Progress.SILENT);
        assertArrayEquals(whole, Files.readAllBytes(image));
    }

    /** A process that prepares the benchmark of a seed. */
    static final class Preparation {
        public static void main(String[] arguments) {
            TextureBenchmark.prepare(Path.of(arguments[0]), 7, Progress.SILENT);
        }
    }

    @Test
    void whatAKilledPreparationLeftGoesWithTheNextOne() throws Exception {
        Process killed = TestJvm.of(Preparation.class, List.of("-XX:TieredStopAtLevel=1"), cache.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            while (killed.isAlive() && hiddenImages() == 0) {
                Thread.sleep(20);
            }
            assertTrue(killed.isAlive(), "it was done before it could be killed");
            TextureBenchmark.prepare(cache, SEED, Progress.SILENT);
            assertTrue(hiddenImages() > 0, "what a living process makes was removed");
        } finally {
            killed.destroyForcibly().waitFor();
        }
        assertTrue(hiddenImages() > 0);
        TextureBenchmark.prepare(cache, SEED, Progress.SILENT);
        nothingButTheFolderIsLeftInTheCache();
    }

    private static long hiddenImages() throws Exception {
        try (Stream<Path> files = Files.list(cache)) {
            for (Path each : files.toList()) {
                if (each.getFileName().toString().startsWith(".textures-") && Files.isDirectory(each)) {
                    try (Stream<Path> images = Files.walk(each)) {
                        return images.filter(Files::isRegularFile).count();
                    }
                }
            }
        }
        return 0;
    }

    @Test
    void anotherVersionOfTheGeneratorIsAnotherSplit() throws Exception {
        List<String> names = TextureRenderer.classNames();
        byte[] today = Files.readAllBytes(folder.resolve(TextureBenchmark.SPLIT_FILE));
        // What records of this version say of their data.
        assertEquals("804ce9d60e79d87051d5135d2f01e045246cebb8029fe3f0c38916536bb5c00c", Sha256.hex(today));
        assertEquals(new String(today, StandardCharsets.UTF_8), TextureBenchmark.splitJson(names, 2));
        String other = TextureBenchmark.splitJson(names, 3);
        assertNotEquals(TextureBenchmark.splitJson(names, 2), other);
        assertNotEquals(TextureBenchmark.splitJson(names, 4), other);
        Path copy = Files.createDirectories(cache.resolveSibling(cache.getFileName() + "-v3"));
        Files.createSymbolicLink(copy.resolve("images"), folder.resolve("images"));
        Files.writeString(copy.resolve(TextureBenchmark.SPLIT_FILE), other);
        Dataset opened = Datasets.open(copy, Optional.empty());
        assertEquals(Sha256.hex(other.getBytes(StandardCharsets.UTF_8)), opened.splitSha256());
        assertEquals(47 * 52, opened.test().size());
        Files.delete(copy.resolve("images"));
        Files.delete(copy.resolve(TextureBenchmark.SPLIT_FILE));
        Files.delete(copy);
    }

    @Test
    void aCacheThatIsAFileIsNamed() throws Exception {
        Path file = Files.createFile(cache.resolveSibling(cache.getFileName() + "-file"));
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> TextureBenchmark.prepare(file, SEED, Progress.SILENT));
        assertTrue(e.getMessage().contains(file.toString()));
        Files.delete(file);
    }
}
