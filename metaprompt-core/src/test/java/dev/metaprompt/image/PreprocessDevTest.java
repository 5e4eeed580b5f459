package dev.metaprompt.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All of {@code preprocess-dev}, photographs included, where the folder lies beside the checkout. */
class PreprocessDevTest {
    private static final Path FOLDER = Path.of("../../shared/data/preprocess-dev");
    private static final String RGB_FIRST = ".rgb_first.npy";
    /** Pillow's own versions disagree on what 16-bit grey becomes, so there is nothing to be equal to. */
    private static final String SIXTEEN_BIT = "syn_grey16_I16.png";

    @BeforeAll
    static void isThere() {
        assumeTrue(Files.isDirectory(FOLDER), "no preprocess-dev beside this checkout");
    }

    @ParameterizedTest
    @EnumSource(ColorOrder.class)
    void viewsAreWithinOneLevelOfPillows(ColorOrder order) throws IOException {
        ImagePipeline pipeline = new ImagePipeline(Preprocessing.CLIP_224.with(order));
        int converted = 0;
        List<String> failures = new ArrayList<>();
        int compared = 0;
        for (JsonElement element : JsonParser.parseString(Files.readString(FOLDER.resolve("index.json")))
                .getAsJsonObject()
                .getAsJsonArray("items")) {
            JsonObject item = element.getAsJsonObject();
            String file = item.get("file").getAsString();
            byte[] view = pipeline.centerCrop(ImageFiles.read(FOLDER.resolve(file)));
            boolean first = order == ColorOrder.CONVERT_FIRST && Files.exists(FOLDER.resolve(file + RGB_FIRST));
            converted += first ? 1 : 0;
            byte[] expected = data(first ? file + RGB_FIRST : item.get("npy").getAsString(), 224 * 224 * 3);
            int difference = GoldenViewsTest.largestDifference(expected, view);
            int allowed = file.endsWith(".jpg") ? 1 : 0;
            if (!file.equals(SIXTEEN_BIT)) {
                compared++;
                if (difference > allowed) {
                    failures.add(file + " by " + difference);
                }
            }
        }
        assertEquals(List.of(), failures);
        assertTrue(compared >= 24, "compared " + compared);
        assertEquals(order == ColorOrder.CONVERT_FIRST ? 4 : 0, converted);
    }

    @Test
    void decodedPhotographsEqualPillows() throws IOException {
        int compared = 0;
        for (Path png : ImageFiles.list(FOLDER)) {
            String name = png.getFileName().toString();
            if (name.endsWith(".decoded.png")) {
                Path jpeg = FOLDER.resolve(name.replace(".decoded.png", ".jpg"));
                byte[] expected = ImageFiles.read(png).toRgb().samples();
                byte[] decoded = ImageFiles.read(jpeg).toRgb().samples();
                assertTrue(GoldenViewsTest.largestDifference(expected, decoded) <= 1, name);
                compared++;
            }
        }
        assertEquals(4, compared);
    }

    @Test
    void normalisedViewEqualsTorchvisions() throws IOException {
        ImagePipeline pipeline = new ImagePipeline(Preprocessing.CLIP_224);
        float[] actual = new float[3 * 224 * 224];
        // From Pillow's own view, so that nothing but the normalisation is compared.
        pipeline.normalize(data("banded_0145.npy", 224 * 224 * 3), actual, 0);
        byte[] bytes = data("banded_0145.normalized_f32_chw.npy", 4 * 3 * 224 * 224);
        float[] expected = new float[actual.length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(expected);
        assertArrayEquals(expected, actual);
    }

    private static byte[] data(String npy, int length) throws IOException {
        byte[] file = Files.readAllBytes(FOLDER.resolve(npy));
        return Arrays.copyOfRange(file, file.length - length, file.length);
    }
}
