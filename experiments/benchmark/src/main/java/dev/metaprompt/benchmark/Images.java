package dev.metaprompt.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.feature.FeatureEncoder;
import dev.metaprompt.feature.FeaturePrecision;
import dev.metaprompt.feature.View;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.image.ImagePipeline;
import dev.metaprompt.image.PixelImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Photographs to views and features. */
final class Images {
    private final ClipModel model;
    private final ImagePipeline pipeline;

    Images(ClipModel model) {
        this.model = model;
        this.pipeline = new ImagePipeline(model.preprocessing());
    }

    static List<PixelImage> decode(List<Path> files) {
        return files.stream().map(ImageFiles::read).toList();
    }

    /** Makes the view of test images of each, and a checksum of all their bytes. */
    long resize(List<PixelImage> images) {
        CRC32 sum = new CRC32();
        images.forEach(image -> sum.update(pipeline.centerCrop(image)));
        return sum.getValue();
    }

    /** Makes batches as the encoder reads them [B, 3, S, S]. */
    List<float[]> pixels(List<PixelImage> images, int batch) {
        int values = 3 * pipeline.size() * pipeline.size();
        List<float[]> batches = new ArrayList<>();
        for (int start = 0; start < images.size(); start += batch) {
            int end = Math.min(images.size(), start + batch);
            float[] pixels = new float[(end - start) * values];
            for (int i = start; i < end; i++) {
                pipeline.normalize(pipeline.centerCrop(images.get(i)), pixels, (i - start) * values);
            }
            batches.add(pixels);
        }
        return batches;
    }

    /** Encodes batches; decoding and resizing are over. */
    float[] encode(List<float[]> batches) {
        int side = pipeline.size();
        float[] last = {};
        for (float[] pixels : batches) {
            try (NDManager scope = NDManager.newBaseManager();
                    NDScope arrays = new NDScope()) {
                arrays.suppressNotUsedWarning();
                NDArray input = scope.create(pixels, new Shape(pixels.length / (3L * side * side), 3, side, side));
                last = model.imageEncoder().encode(input).toFloatArray();
            }
        }
        return last;
    }

    /** Encodes files as the goal {@code encode} does: the next batch is decoded while one is encoded. */
    float[] encodeFiles(List<Path> files) {
        FeatureEncoder encoder = new FeatureEncoder(model, Path.of("").toAbsolutePath(), FeaturePrecision.FP32);
        List<String> paths = files.stream().map(Path::toString).toList();
        return encoder.encode(paths, View.centres(paths.size()), Progress.SILENT);
    }
}
