package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.RandomStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The path that a GPU takes with {@code precision = fp16} or {@code bf16}: only the image tower is in that. */
class ImagePrecisionTest {

    private static final int IMAGES = 6;

    @TempDir
    private static Path cache;

    private static ClipModel open(DataType precision) {
        ModelFolder folder = Models.find(Models.NANO_CLIP, cache, cache);
        return ClipModel.open(folder, folder.path(), Device.cpu(), precision);
    }

    private static NDArray pixels(NDManager manager, int side) {
        RandomStream random = RandomStream.of(1, "pixels");
        float[] values = new float[IMAGES * 3 * side * side];
        for (int i = 0; i < values.length; i++) {
            // A slow wave an image, so that images differ in more than noise.
            values[i] = (float) (Math.sin(i * 0.001 * (1 + i / (3 * side * side))) + 0.3 * random.nextGaussian());
        }
        return manager.create(values, new Shape(IMAGES, 3, side, side));
    }

    /**
     * fp16 keeps eleven bits and bf16 eight: a relative error of 5e-4 or 4e-3 an operation, whose square is what a
     * cosine loses.
     */
    @ParameterizedTest
    @CsvSource({"FLOAT16, 2e-5", "BFLOAT16, 1.3e-3"})
    void featuresOfAHalfPrecisionTowerAreFloat32AndPointTheSameWay(DataType precision, float loss) {
        try (ClipModel whole = open(DataType.FLOAT32);
                ClipModel half = open(precision);
                NDManager manager = NDManager.newBaseManager()) {
            NDArray pixels = pixels(manager, whole.config().imageSize());
            NDArray expected = whole.imageEncoder().encode(pixels);
            NDArray actual = half.imageEncoder().encode(pixels);
            assertEquals(DataType.FLOAT32, actual.getDataType());
            assertEquals(expected.getShape(), actual.getShape());
            NDArray cosines =
                    expected.normalize(2, -1).mul(actual.normalize(2, -1)).sum(new int[] {1});
            assertTrue(cosines.min().getFloat() > 1 - loss, cosines.toString());
            float difference = expected.sub(actual).abs().max().getFloat();
            assertTrue(difference > 1e-5, "the tower was not in half precision");
        }
    }

    @Test
    void theTextTowerStaysFloat32() {
        try (ClipModel half = open(DataType.FLOAT16)) {
            ModelArrays.text(half).forEach((name, array) -> assertEquals(DataType.FLOAT32, array.getDataType(), name));
        }
    }
}
