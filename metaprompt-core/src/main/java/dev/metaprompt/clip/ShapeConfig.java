package dev.metaprompt.clip;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.clip.ClipConfig.Activation;
import dev.metaprompt.clip.ClipConfig.Tower;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.tensor.TensorFile;
import java.util.Arrays;

/**
 * A model's sizes as its tensors' shapes tell them, the way OpenAI's {@code build_model} reads its own checkpoints: 64
 * channels a head, quick GELU, the end of a text at its largest id.
 */
final class ShapeConfig {
    private static final int HEAD = 64;
    private static final float EPSILON = 1e-5f;
    private static final String ADVICE = ". Put the model's config.json or open_clip_config.json beside the file.";
    private final TensorFile file;
    private final WeightNames names;

    private ShapeConfig(TensorFile file, WeightNames names) {
        this.file = file;
        this.names = names;
    }

    /**
     * Reads the sizes.
     *
     * @param file the weights
     * @param names how they are named
     * @return the sizes
     * @throws InvalidInputException if a tensor is missing or the shapes are not those of OpenAI's models
     */
    static ClipConfig of(TensorFile file, WeightNames names) {
        return new ShapeConfig(file, names).read();
    }

    private ClipConfig read() {
        long[] tokens = shape("text_model.embeddings.token_embedding.weight", 2);
        long[] texts = shape("text_model.embeddings.position_embedding.weight", 2);
        long[] patches = shape("vision_model.embeddings.patch_embedding.weight", 4);
        long[] images = shape("vision_model.embeddings.position_embedding.weight", 2);
        long[] projection = shape("text_projection.weight", 2);
        int patch = size(patches[3]);
        return new ClipConfig(
                tower("text_model", size(tokens[1])),
                tower("vision_model", size(patches[0])),
                size(projection[names.transposed("text_projection.weight") ? 1 : 0]),
                size(tokens[0]),
                size(texts[0]),
                ClipConfig.LEGACY_END_TOKEN,
                size((long) grid(images[0]) * patch),
                patch);
    }

    private Tower tower(String prefix, int width) {
        if (width % HEAD != 0) {
            throw new InvalidInputException(file.path() + ": the width " + width + " of " + prefix
                    + " is not a multiple of 64, so that the number of attention heads is unknown" + ADVICE);
        }
        int layers = 0;
        while (file.names().contains(names.of(layer(prefix, layers)).get(0))) {
            layers++;
        }
        if (layers == 0) {
            throw new InvalidInputException(file.path() + ": " + prefix + " has no layers" + ADVICE);
        }
        int hidden = size(shape(layer(prefix, 0), 2)[0]);
        return new Tower(width, layers, width / HEAD, hidden, Activation.QUICK_GELU, EPSILON);
    }

    private static String layer(String prefix, int index) {
        return prefix + ".encoder.layers." + index + ".mlp.fc1.weight";
    }

    private int grid(long positions) {
        int grid = (int) Math.round(Math.sqrt(positions - 1.0));
        if (positions < 2 || (long) grid * grid != positions - 1) {
            throw new InvalidInputException(file.path() + ": the image tower has " + positions
                    + " positions; one and a square number are allowed" + ADVICE);
        }
        return grid;
    }

    private long[] shape(String role, int dimensions) {
        String name = names.of(role).get(0);
        if (!file.names().contains(name)) {
            throw new InvalidInputException(
                    file.path() + " has no tensor " + name + ", from which the model's sizes are read" + ADVICE);
        }
        long[] shape = file.shape(name);
        if (shape.length != dimensions) {
            throw new InvalidInputException(file.path() + ": tensor " + name + " has shape "
                    + Quoted.of(Arrays.toString(shape)) + "; " + dimensions + " dimensions are allowed" + ADVICE);
        }
        return shape;
    }

    private int size(long extent) {
        if (extent < 1 || extent > Integer.MAX_VALUE) {
            throw new InvalidInputException(file.path() + ": a size of the model is " + extent + ADVICE);
        }
        return (int) extent;
    }
}
