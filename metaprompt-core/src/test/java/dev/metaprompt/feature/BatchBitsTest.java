package dev.metaprompt.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.Progress;
import dev.metaprompt.RandomStream;
import dev.metaprompt.SharedData;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.clip.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fact that the cache stands on: a feature does not depend on its place in the batch, nor on its neighbours. */
class BatchBitsTest {
    @TempDir
    Path folder;

    @Test
    void noPlaceAndNoNeighbourChangesABitOfNanoClip() {
        try (ClipModel model = TestImages.nanoClip(folder)) {
            checkPlaces(model);
        }
    }

    @Test
    void norOfAnotherShape() {
        Path tiny = SharedData.require("clip-tiny-a");
        try (ClipModel model = ClipModel.open(new ModelFolder("tiny", tiny), tiny, Device.cpu(), DataType.FLOAT32)) {
            checkPlaces(model);
        }
    }

    private void checkPlaces(ClipModel model) {
        FeatureEncoder encoder = new FeatureEncoder(model, folder, FeaturePrecision.FP32);
        int width = model.config().projection();
        int plane = 3 * model.config().imageSize() * model.config().imageSize();
        RandomStream random = RandomStream.of(1, "batchBits");
        float[] image = noise(random, plane);
        float[] expected = null;
        for (int place = 0; place < encoder.batch(); place++) {
            // Every third time alone, as in a padded batch.
            float[] pixels =
                    place % 3 == 0 ? new float[encoder.batch() * plane] : noise(random, encoder.batch() * plane);
            System.arraycopy(image, 0, pixels, place * plane, plane);
            float[] row = Arrays.copyOfRange(encoder.encode(pixels), place * width, (place + 1) * width);
            expected = expected == null ? row : expected;
            assertArrayEquals(expected, row, "place " + place);
        }
    }

    private static float[] noise(RandomStream random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-2, 2);
        }
        return values;
    }

    @Test
    void theOrderAndTheLengthOfAListDoNotMatter() throws IOException {
        List<String> paths = TestImages.write(folder, 70);
        try (ClipModel model = TestImages.nanoClip(folder)) {
            FeatureEncoder encoder = new FeatureEncoder(model, folder, FeaturePrecision.FP32);
            int width = model.config().projection();
            float[] all = encoder.encode(paths, View.centres(paths.size()), Progress.SILENT);
            List<String> turned = new ArrayList<>(paths);
            Collections.reverse(turned);
            float[] back = encoder.encode(turned, View.centres(paths.size()), Progress.SILENT);
            for (int i = 0; i < paths.size(); i++) {
                int other = paths.size() - 1 - i;
                assertArrayEquals(
                        Arrays.copyOfRange(all, i * width, (i + 1) * width),
                        Arrays.copyOfRange(back, other * width, (other + 1) * width));
            }
            float[] one = encoder.encode(paths.subList(66, 67), View.centres(1), Progress.SILENT);
            assertArrayEquals(Arrays.copyOfRange(all, 66 * width, 67 * width), one);
        }
    }
}
