package dev.metaprompt.feature;

import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.image.ImagePipeline;
import dev.metaprompt.image.PixelImage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Reads and prepares images, several at once; the result does not depend on the number of threads. */
final class ImageSource {
    private final Path root;
    private final ImagePipeline pipeline;

    ImageSource(Path root, ImagePipeline pipeline) {
        this.root = root;
        this.pipeline = pipeline;
    }

    /**
     * Returns normalised pixels [batch, 3, S, S] of n ≤ batch images, the i-th in view {@code views[i]}; the rest is
     * zero.
     */
    float[] pixels(List<String> paths, int[] views, int batch) {
        int plane = 3 * pipeline.size() * pipeline.size();
        float[] pixels = new float[batch * plane];
        IntStream.range(0, paths.size()).parallel().forEach(i -> {
            PixelImage image = ImageFiles.read(root.resolve(paths.get(i)));
            byte[] rgb = views[i] == View.CENTRE
                    ? pipeline.centerCrop(image)
                    : pipeline.randomView(image, View.random(paths.get(i), views[i]));
            pipeline.normalize(rgb, pixels, i * plane);
        });
        return pixels;
    }
}
