package dev.metaprompt.pretrain;

import dev.metaprompt.Progress;
import dev.metaprompt.data.textures.Texture;
import dev.metaprompt.data.textures.TextureRenderer;
import dev.metaprompt.data.textures.TextureStyle;
import dev.metaprompt.image.ImagePipeline;
import dev.metaprompt.image.PixelImage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** The images of a pretraining, rendered once, at the model's size. */
final class TexturePool {
    private final Texture[][] views;

    /** Renders {@code perClass} images of each class, prepared as test images are. */
    TexturePool(ImagePipeline pipeline, long seed, int perClass, Progress progress) {
        int classes = TextureRenderer.classNames().size();
        TextureRenderer renderer = new TextureRenderer(TextureStyle.DRAWN, seed);
        AtomicLong done = new AtomicLong();
        views = new Texture[classes][perClass];
        IntStream.range(0, classes).parallel().forEach(label -> {
            for (int i = 0; i < perClass; i++) {
                Texture image = renderer.render(label, i);
                PixelImage pixels = PixelImage.rgb(TextureRenderer.SIZE, TextureRenderer.SIZE, image.rgb());
                views[label][i] =
                        new Texture(label, pipeline.centerCrop(pixels), image.colorName(), image.coarseness());
                progress.update("textures rendered", done.incrementAndGet(), (long) classes * perClass, "");
            }
        });
    }

    int classes() {
        return views.length;
    }

    int perClass() {
        return views[0].length;
    }

    Texture view(int label, int index) {
        return views[label][index];
    }
}
