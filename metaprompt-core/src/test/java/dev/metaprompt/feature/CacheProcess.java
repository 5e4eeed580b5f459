package dev.metaprompt.feature;

import ai.djl.ndarray.NDManager;
import dev.metaprompt.Progress;
import dev.metaprompt.TestJvm;
import dev.metaprompt.clip.ClipModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A second JVM that fills a cache image by image, until it is done or killed. */
final class CacheProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private CacheProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static CacheProcess start(Path folder, int images, int threads) throws IOException {
        return new CacheProcess(TestJvm.of(
                        CacheProcess.class,
                        List.of("-XX:TieredStopAtLevel=1", "-Dai.djl.pytorch.num_threads=" + threads),
                        folder.toString(),
                        String.valueOf(images))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** What it says next: the number of images it has kept, or a digest of all rows at its end; null if it is gone. */
    String line() throws IOException {
        return output.readLine();
    }

    String lastLine() throws IOException {
        String last = null;
        for (String line = line(); line != null; line = line()) {
            last = line;
        }
        return last;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        List<String> paths =
                IntStream.range(0, count).mapToObj(i -> "a/" + i + ".png").toList();
        Path images = folder.resolve("images");
        try (ClipModel model = TestImages.nanoClip(folder.resolve("model"));
                NDManager manager = NDManager.newBaseManager();
                FeatureCache cache = new FeatureCache(
                        folder.resolve("cache"),
                        1L << 40,
                        new FeatureEncoder(model, images, FeaturePrecision.FP32),
                        "model",
                        images,
                        Progress.SILENT)) {
            for (int i = 0; i < count; i++) {
                cache.get(manager, paths.subList(i, i + 1), View.centres(1), Progress.SILENT);
                System.out.println(i + 1);
            }
            float[] all = cache.get(manager, paths, View.centres(count), Progress.SILENT)
                    .toFloatArray();
            System.out.println("rows " + Arrays.hashCode(all));
        }
    }
}
