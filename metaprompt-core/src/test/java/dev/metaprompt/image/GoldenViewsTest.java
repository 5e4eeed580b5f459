package dev.metaprompt.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Views of all modes and shapes against Pillow's, see {@code golden/make_golden.py}. */
class GoldenViewsTest {
    private static final byte[] VIEWS = views();

    static Stream<JsonElement> cases() {
        String json = new String(resource("cases.json"), StandardCharsets.UTF_8);
        JsonArray cases = JsonParser.parseString(json).getAsJsonArray();
        return StreamSupport.stream(cases.spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void viewEqualsPillows(JsonElement element) throws IOException {
        JsonObject golden = element.getAsJsonObject();
        String file = golden.get("file").getAsString();
        // Where Pillow's order makes no difference, ours makes none.
        for (ColorOrder order : golden.has("order")
                ? List.of(ColorOrder.of(golden.get("order").getAsString()))
                : List.of(ColorOrder.values())) {
            compare(golden, file, order);
        }
    }

    private static void compare(JsonObject golden, String file, ColorOrder order) throws IOException {
        Preprocessing preprocessing = new Preprocessing(
                golden.get("resize").getAsInt(),
                golden.get("crop").getAsInt(),
                Preprocessing.CLIP_224.mean(),
                Preprocessing.CLIP_224.std(),
                order);
        PixelImage image = ImageFiles.decode(resource(file));
        byte[] view = view(new ImagePipeline(preprocessing), image, golden);
        int offset = golden.get("offset").getAsInt();
        byte[] expected =
                Arrays.copyOfRange(VIEWS, offset, offset + golden.get("length").getAsInt());
        assertEquals(expected.length, view.length);
        int tolerance = golden.get("exact").getAsBoolean() ? 0 : 1;
        int difference = largestDifference(expected, view);
        assertTrue(difference <= tolerance, file + " differs by " + difference + " levels");
    }

    /** What a header says is kept beside features, so it must be what decoding says. */
    @ParameterizedTest
    @MethodSource("cases")
    void headersTellWhetherTheOrderMatters(JsonElement element) throws IOException {
        JsonObject golden = element.getAsJsonObject();
        byte[] bytes = resource(golden.get("file").getAsString());
        assertEquals(Optional.of(golden.has("order")), ImageFiles.dependOnOrder(bytes));
        assertEquals(golden.has("order"), ImageFiles.decode(bytes).mode().dependsOnOrder());
        assertEquals(Optional.empty(), ImageFiles.dependOnOrder(Arrays.copyOf(bytes, 5)));
    }

    private static byte[] view(ImagePipeline pipeline, PixelImage image, JsonObject golden) {
        if (!golden.has("box")) {
            return pipeline.centerCrop(image);
        }
        List<Integer> box = golden.getAsJsonArray("box").asList().stream()
                .map(JsonElement::getAsInt)
                .toList();
        Region region = new Region(box.get(0), box.get(1), box.get(2), box.get(3));
        return pipeline.cropView(image, region, golden.get("flip").getAsBoolean());
    }

    static int largestDifference(byte[] a, byte[] b) {
        int largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs((a[i] & 255) - (b[i] & 255)));
        }
        return largest;
    }

    private static byte[] views() {
        try (InputStream in = new GZIPInputStream(stream("views.bin.gz"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] resource(String name) {
        try (InputStream in = stream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream stream(String name) {
        return GoldenViewsTest.class.getResourceAsStream("golden/" + name);
    }
}
