package dev.metaprompt.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.clip.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several devices share the batches of a list; here each of them is the processor. */
class FeatureEncoderTest {
    @TempDir
    Path folder;

    private ClipModel model(int devices) {
        ModelFolder nano = Models.find(Models.NANO_CLIP, folder, folder);
        return ClipModel.openLazily(nano, nano.path(), Collections.nCopies(devices, Device.cpu()), DataType.FLOAT32);
    }

    private static final class Counts implements Progress {
        final List<Long> done = new ArrayList<>();

        @Override
        public void phase(String text) {
            // Only counts are looked at.
        }

        @Override
        public void update(String what, long count, long total, String detail) {
            done.add(count);
        }
    }

    @Test
    void severalDevicesGiveTheRowsOfOneInTheSameOrder() throws IOException {
        int batch;
        float[] expected;
        List<String> paths;
        try (ClipModel model = model(1)) {
            FeatureEncoder encoder = new FeatureEncoder(model, folder, FeaturePrecision.FP32);
            batch = encoder.batch();
            paths = TestImages.write(folder, 3 * batch + 1);
            expected = encoder.encode(paths, View.centres(paths.size()), Progress.SILENT);
        }
        for (int devices = 2; devices <= 5; devices++) {
            try (ClipModel model = model(devices)) {
                assertEquals(devices, model.imageEncoders().size());
                Counts counts = new Counts();
                FeatureEncoder encoder = new FeatureEncoder(model, folder, FeaturePrecision.FP32);
                float[] rows = encoder.encode(paths, View.centres(paths.size()), counts);
                assertArrayEquals(expected, rows, devices + " devices");
                long b = batch;
                assertEquals(List.of(b, 2 * b, 3 * b, 3 * b + 1), counts.done);
            }
        }
    }

    @Test
    void anUnreadableImageEndsTheListOnSeveralDevicesToo() throws IOException {
        try (ClipModel model = model(2)) {
            FeatureEncoder encoder = new FeatureEncoder(model, folder, FeaturePrecision.FP32);
            List<String> paths = TestImages.write(folder, 3 * encoder.batch());
            Files.writeString(folder.resolve(paths.get(2 * encoder.batch())), "no image");
            int[] views = View.centres(paths.size());
            assertThrows(InvalidInputException.class, () -> encoder.encode(paths, views, Progress.SILENT));
        }
    }
}
