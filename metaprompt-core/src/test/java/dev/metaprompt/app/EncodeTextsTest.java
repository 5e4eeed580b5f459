package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The goal encode and texts that have more tokens than the model takes: nano-CLIP's 24. */
class EncodeTextsTest {
    private static final String LONGEST = "a ".repeat(22).strip();
    private static final String TOO_LONG = LONGEST + " texture";

    @TempDir
    Path folder;

    private TestContext context(String... more) {
        String[] given = {
            "texts",
            "texts.txt",
            "out",
            "out.safetensors",
            "cache",
            folder.resolve("cache").toString()
        };
        String[] all = Arrays.copyOf(given, given.length + more.length);
        System.arraycopy(more, 0, all, given.length, more.length);
        return new TestContext(folder, all);
    }

    private void write(String... lines) throws IOException {
        Files.write(folder.resolve("texts.txt"), List.of(lines));
    }

    private float[] features() {
        try (Safetensors tensors = Safetensors.open(folder.resolve("out.safetensors"))) {
            return tensors.readFloats("text");
        }
    }

    @Test
    void aTextThatDoesNotFitIsRefusedByItsLine() throws IOException {
        write("banded", LONGEST, TOO_LONG, "dotted", "a " + TOO_LONG);
        InvalidInputException refused =
                assertThrows(InvalidInputException.class, () -> new EncodeCommand().run(context()));
        String message = refused.getMessage();
        assertTrue(message.startsWith("texts is " + folder.resolve("texts.txt") + ", line 3, \"a a a"), message);
        assertTrue(
                message.endsWith(
                        "it takes 25 tokens, begin and end included; the model allows 24; 2 of 5 texts are too long."
                                + " Shorten it, or have such texts cut with -Dmetaprompt.encode.truncate=true."),
                message);
        assertFalse(Files.exists(folder.resolve("out.safetensors")));
    }

    @Test
    void anotherEncodingIsRefusedWithTheOption() throws IOException {
        Files.write(folder.resolve("texts.txt"), "banded".getBytes(StandardCharsets.UTF_16));
        InvalidInputException refused =
                assertThrows(InvalidInputException.class, () -> new EncodeCommand().run(context()));
        assertEquals(
                "texts: file " + folder.resolve("texts.txt")
                        + " is UTF-16 text; allowed is UTF-8 text: save it as UTF-8.",
                refused.getMessage());
    }

    @Test
    void itIsCutWhereThatIsAskedForAndToldSo() throws IOException {
        write("banded", TOO_LONG);
        TestContext context = context("encode.truncate", "true");
        new EncodeCommand().run(context);
        assertTrue(
                context.phases.contains("warning: 1 of 2 texts are cut to the model's 24 tokens, the first in line 2"),
                context.phases.toString());
        float[] cut = features();
        write("banded", LONGEST);
        TestContext whole = context("encode.truncate", "true");
        new EncodeCommand().run(whole);
        assertArrayEquals(features(), cut);
        assertEquals(
                0,
                whole.phases.stream()
                        .filter(phase -> phase.startsWith("warning"))
                        .count());
    }
}
