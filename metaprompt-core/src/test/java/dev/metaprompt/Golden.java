package dev.metaprompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The golden values that {@code src/test/python/make_golden.py} writes, and how they are compared. */
public final class Golden {
    private Golden() {}

    /**
     * Returns a golden file or folder.
     *
     * @param name path below {@code golden}
     * @return the path
     */
    public static Path path(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    /**
     * Reads a JSON object.
     *
     * @param file the file
     * @return its content
     */
    public static JsonObject json(Path file) {
        try {
            return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Asserts that the rows, scaled to unit length, differ by little.
     *
     * @param what named when they differ
     * @param expected golden features
     * @param actual features
     * @param tolerance of any element
     */
    public static void assertUnitClose(String what, NDArray expected, NDArray actual, double tolerance) {
        assertClose(what, expected.normalize(2, -1), actual.normalize(2, -1), tolerance);
    }

    /**
     * Asserts that arrays differ by little.
     *
     * @param what named when they differ
     * @param expected golden values
     * @param actual values
     * @param tolerance of any element
     */
    public static void assertClose(String what, NDArray expected, NDArray actual, double tolerance) {
        assertEquals(expected.getShape(), actual.getShape(), what);
        float difference = expected.sub(actual).abs().max().getFloat();
        assertTrue(difference <= tolerance, what + ": largest difference " + difference);
    }

    /**
     * Asserts that arrays differ by little compared with the largest golden value.
     *
     * @param what named when they differ
     * @param expected golden values
     * @param actual values
     * @param tolerance relative to the largest golden value
     */
    public static void assertRelative(String what, NDArray expected, NDArray actual, double tolerance) {
        float scale = expected.abs().max().getFloat();
        assertTrue(scale > 0, what + ": golden values are zero and prove nothing");
        assertClose(what, expected, actual, tolerance * scale);
    }

    /**
     * Asserts that an error message is one line with all parts.
     *
     * @param error the error
     * @param parts what its message must hold
     */
    public static void assertOneLine(InvalidInputException error, String... parts) {
        String message = error.getMessage();
        assertEquals(1, message.lines().count(), message);
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "no \"" + part + "\" in: " + message);
        }
    }
}
