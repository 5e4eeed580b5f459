package dev.metaprompt.data.textures;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
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

    @Test
    void aCacheThatIsAFileIsNamed() throws Exception {
        Path file = Files.createFile(cache.resolveSibling(cache.getFileName() + "-file"));
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> TextureBenchmark.prepare(file, SEED, Progress.SILENT));
        assertTrue(e.getMessage().contains(file.toString()));
        Files.delete(file);
    }
}
