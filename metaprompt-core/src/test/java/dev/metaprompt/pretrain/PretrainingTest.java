package dev.metaprompt.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.RandomStream;
import dev.metaprompt.data.textures.Texture;
import dev.metaprompt.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainingTest {
    private static final PretrainingOptions SHORT = new PretrainingOptions(30, 1, 3e-3, 4, 5, 2);

    @TempDir
    Path folder;

    /** The second training is cut off behind a checkpoint and goes on: it must end with the first one's bytes. */
    @Test
    void anInterruptedTrainingEndsWithTheSameBytesAndTheLossFalls() throws Exception {
        Pretraining first = new Pretraining(SHORT, Device.cpu());
        first.run(folder.resolve("a"), Progress.SILENT);
        assertThrows(
                IllegalStateException.class,
                () -> new Pretraining(SHORT, Device.cpu()).run(folder.resolve("b"), new StopAt(SHORT.steps() - 2)));
        Pretraining second = new Pretraining(SHORT, Device.cpu());
        second.run(folder.resolve("b"), Progress.SILENT);
        for (String file : List.of("model.safetensors", "tokenizer.json", "config.json", "preprocessor_config.json")) {
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("a").resolve(file)),
                    Files.readAllBytes(folder.resolve("b").resolve(file)),
                    file);
        }
        assertEquals(first.losses(), second.losses());
        double before = (double) first.losses().get(0).get("loss");
        double after = (double) first.losses().get(1).get("loss");
        assertTrue(after < before, before + " -> " + after);
        try (Stream<Path> files = Files.list(folder.resolve("b"))) {
            assertEquals(6, files.count(), "the checkpoint is gone");
        }
    }

    /** Throws when so many steps are done, as a killed process would end. */
    private record StopAt(long step) implements Progress {
        @Override
        public void phase(String text) {}

        @Override
        public void update(String what, long done, long total, String detail) {
            if (what.equals("pretraining steps") && done == step) {
                throw new IllegalStateException("stopped");
            }
        }
    }

    @Test
    void tokenizerKeepsWordsAndSpellsTheRest() throws Exception {
        new NanoClip(dev.metaprompt.data.textures.TextureRenderer.classNames()).write(folder);
        try (Tokenizer tokenizer = Tokenizer.open(folder, NanoClip.CONTEXT)) {
            assertEquals(6, tokenizer.encode("a photo of a").length);
            assertArrayEquals(tokenizer.encode("A Photo  of a"), tokenizer.encode("a photo of a"));
            assertEquals(5, tokenizer.encode("polka-dotted").length);
            int[] spelled = tokenizer.encode("xyq");
            assertEquals(5, spelled.length);
            for (int id : spelled) {
                assertTrue(id != 1, "unknown word became [UNK]");
            }
            assertEquals(NanoClip.CONTEXT, tokenizer.encodeCut("x y z ".repeat(20)).length);
        }
    }

    /** A caption that did not fit would stop the training: none of its templates and names makes one. */
    @Test
    void everyCaptionFits() throws Exception {
        List<String> names = dev.metaprompt.data.textures.TextureRenderer.classNames();
        new NanoClip(names).write(folder);
        List<Texture> images = IntStream.range(0, names.size())
                .mapToObj(label -> new Texture(label, new byte[0], "yellow", 0))
                .toList();
        Captions captions = new Captions(names);
        Set<String> texts = new TreeSet<>();
        for (int i = 0; i < 400; i++) {
            texts.addAll(captions.draw(images, RandomStream.of(i, "captions")).menu());
        }
        assertTrue(texts.size() > 600, texts.size() + " captions");
        try (Tokenizer tokenizer = Tokenizer.open(folder, NanoClip.CONTEXT)) {
            texts.forEach(text -> assertTrue(tokenizer.encode(text).length <= NanoClip.CONTEXT, text));
        }
    }

    /** Golden values: torch 2.7.1, AdamW(lr .01 · k, betas (.9, .98), eps 1e-6, weight decay .1 on the matrix only). */
    @Test
    void adamWFollowsPyTorch() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray matrix = manager.create(new float[] {1, -2, 0.5f, 3}, new Shape(2, 2));
            NDArray vector = manager.create(new float[] {0.25f, -0.75f});
            AdamW optimizer = new AdamW(manager, List.of(matrix, vector), 0.1);
            for (int k = 1; k <= 3; k++) {
                NDArray g = manager.create(new float[] {0.1f * k, -0.2f * k, 0.3f * k, 0}, new Shape(2, 2));
                NDArray h = manager.create(new float[] {-1f / k, 0.5f / k});
                optimizer.step(List.of(g, h), 0.01 * k);
            }
            assertArrayEquals(
                    new float[] {0.93628716f, -1.93029785f, 0.43928143f, 2.98203301f}, matrix.toFloatArray(), 1e-6f);
            assertArrayEquals(new float[] {0.30505773f, -0.80505766f}, vector.toFloatArray(), 1e-6f);
        }
    }

    @Test
    void optionsOutOfRangeAreNamed() {
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> new PretrainingOptions(0, 1, 1e-3, 1, 1, 1));
        assertTrue(e.getMessage().startsWith("pretrain.steps is 0"));
        assertThrows(InvalidInputException.class, () -> new PretrainingOptions(1, 1, Double.NaN, 1, 1, 1));
    }
}
