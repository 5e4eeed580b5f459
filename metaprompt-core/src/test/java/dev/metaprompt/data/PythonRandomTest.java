package dev.metaprompt.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Compares with CPython; see src/test/python/make_python_random.py. */
class PythonRandomTest {
    private static final JsonObject GOLDEN = golden();

    private static JsonObject golden() {
        try (InputStreamReader reader = new InputStreamReader(
                PythonRandomTest.class.getResourceAsStream("/golden/python-random.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonArray seeds() {
        JsonArray seeds = GOLDEN.getAsJsonArray("seeds");
        assertEquals(11, seeds.size());
        return seeds;
    }

    private static int[] ints(JsonElement array) {
        return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
                .mapToInt(JsonElement::getAsInt)
                .toArray();
    }

    @Test
    void wordsAreThoseOfPython() {
        int late = GOLDEN.get("late").getAsInt();
        for (JsonElement each : seeds()) {
            PythonRandom random =
                    new PythonRandom(each.getAsJsonObject().get("seed").getAsLong());
            JsonArray words = each.getAsJsonObject().getAsJsonArray("words");
            assertEquals(8, words.size());
            for (int i = 0; i < late + 4; i++) {
                long word = Integer.toUnsignedLong(random.nextWord());
                int place = i < 4 ? i : i - late + 4;
                if (i < 4 || i >= late) {
                    assertEquals(words.get(place).getAsLong(), word, "word " + i + " of " + each);
                }
            }
        }
    }

    @Test
    void numbersBelowABoundAreThoseOfPython() {
        int[] bounds = ints(GOLDEN.get("bounds"));
        for (JsonElement each : seeds()) {
            PythonRandom random =
                    new PythonRandom(each.getAsJsonObject().get("seed").getAsLong());
            int[] expected = ints(each.getAsJsonObject().get("below"));
            assertEquals(3 * bounds.length, expected.length);
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], random.nextInt(bounds[i / 3]));
            }
        }
    }

    @Test
    void samplesAreThoseOfPythonOnBothSidesOfEachChangeOfMethod() {
        JsonArray sizes = GOLDEN.getAsJsonArray("populationsAndCounts");
        for (JsonElement each : seeds()) {
            PythonRandom random =
                    new PythonRandom(each.getAsJsonObject().get("seed").getAsLong());
            JsonArray samples = each.getAsJsonObject().getAsJsonArray("samples");
            assertEquals(sizes.size(), samples.size());
            for (int i = 0; i < samples.size(); i++) {
                int[] size = ints(sizes.get(i));
                assertArrayEquals(ints(samples.get(i)), random.sample(size[0], size[1]), "sample " + i);
            }
        }
    }

    @Test
    void signOfTheSeedDoesNotCount() {
        assertEquals(new PythonRandom(7).nextWord(), new PythonRandom(-7).nextWord());
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        PythonRandom random = new PythonRandom(1);
        assertThrows(IllegalArgumentException.class, () -> random.nextInt(0));
        assertThrows(IllegalArgumentException.class, () -> random.sample(3, 4));
        assertThrows(IllegalArgumentException.class, () -> random.sample(3, -1));
    }
}
