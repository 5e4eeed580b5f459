package dev.metaprompt.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache among processes that write at once, merge each other's files and are killed. */
class CacheProcessesTest {
    private static final int IMAGES = 40;

    @TempDir
    Path folder;

    @Test
    void processesThatWriteAtOnceAllGetTheSameRows() throws Exception {
        TestImages.write(folder.resolve("images"), IMAGES);
        try (CacheProcess one = CacheProcess.start(folder, IMAGES, 1);
                CacheProcess two = CacheProcess.start(folder, IMAGES, 1);
                CacheProcess three = CacheProcess.start(folder, IMAGES, 1)) {
            List<String> last = List.of(one.lastLine(), two.lastLine(), three.lastLine());
            assertTrue(last.get(0).startsWith("rows "), last.toString());
            assertEquals(1, last.stream().distinct().count(), last.toString());
        }
        requireWhole();
    }

    @Test
    void aKilledProcessLeavesACacheThatGoesOn() throws Exception {
        TestImages.write(folder.resolve("images"), IMAGES);
        for (int round = 1; round <= 3; round++) {
            try (CacheProcess killed = CacheProcess.start(folder, IMAGES, 1)) {
                for (int i = 0; i < 9 * round; i++) {
                    assertNotNull(killed.line());
                }
                killed.kill();
            }
            requireWhole();
        }
        Path clean = folder.resolve("clean");
        TestImages.write(clean.resolve("images"), IMAGES);
        try (CacheProcess last = CacheProcess.start(folder, IMAGES, 1);
                CacheProcess fresh = CacheProcess.start(clean, IMAGES, 1)) {
            assertEquals(fresh.lastLine(), last.lastLine());
        }
    }

    private void requireWhole() throws Exception {
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(Segment.SUFFIX))
                    .toList()) {
                RowFormat format = file.getParent().endsWith("images")
                        ? RowFormat.DIGESTS
                        : RowFormat.features(FeaturePrecision.FP32, 128);
                assertTrue(Segment.open(file, format).verify(), file.toString());
            }
        }
    }
}
