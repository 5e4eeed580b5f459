package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.SharedData;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.image.ImagePipeline;
import dev.metaprompt.tensor.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Compares features of a random checkpoint with those of transformers, from photograph and text to the end. */
class ClipTinyTest {
    private static final float TOLERANCE = 1e-5f;

    @Test
    void featuresEqualTransformers() throws Exception {
        Path folder = SharedData.require("clip-tiny-a");
        Path vectors = folder.resolve("vectors");
        JsonObject names = JsonParser.parseString(Files.readString(vectors.resolve("features.json")))
                .getAsJsonObject();
        try (ClipModel model = ClipModel.open(new ModelFolder("tiny", folder), folder, Device.cpu(), DataType.FLOAT32);
                NDManager manager = NDManager.newBaseManager();
                Safetensors expected = Safetensors.open(vectors.resolve("features.safetensors"))) {
            NDArray text = model.textEncoder().encode(manager, tokens(model, names.getAsJsonArray("texts")));
            NDArray image = model.imageEncoder()
                    .encode(pixels(model, manager, vectors.resolve("photos"), names.getAsJsonArray("images")));
            assertClose(expected.read("text", manager), text);
            assertClose(expected.read("image", manager), image);
        }
    }

    private static int[][] tokens(ClipModel model, JsonArray texts) {
        int[][] ids = new int[texts.size()][];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = model.tokenizer().encode(texts.get(i).getAsString());
        }
        return ids;
    }

    private static NDArray pixels(ClipModel model, NDManager manager, Path photos, JsonArray images) {
        ImagePipeline pipeline = new ImagePipeline(model.preprocessing());
        int side = pipeline.size();
        float[] pixels = new float[images.size() * 3 * side * side];
        for (int i = 0; i < images.size(); i++) {
            Path photo = photos.resolve(images.get(i).getAsString());
            pipeline.normalize(pipeline.centerCrop(ImageFiles.read(photo)), pixels, i * 3 * side * side);
        }
        return manager.create(pixels, new Shape(images.size(), 3, side, side));
    }

    private static void assertClose(NDArray expected, NDArray actual) {
        assertEquals(expected.getShape(), actual.getShape());
        float difference = expected.normalize(2, -1)
                .sub(actual.normalize(2, -1))
                .abs()
                .max()
                .getFloat();
        assertTrue(difference <= TOLERANCE, "largest difference " + difference);
    }
}
