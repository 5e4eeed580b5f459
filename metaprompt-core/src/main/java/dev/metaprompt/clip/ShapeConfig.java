package dev.metaprompt.clip;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.clip.ClipConfig.Activation;
import dev.metaprompt.clip.ClipConfig.Tower;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.tensor.TensorFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A model's sizes as its tensors' shapes tell them, the way OpenAI's {@code build_model} reads its own checkpoints: 64
 * channels a head, the end of a text at its largest id. Of the activation the shapes say nothing: OpenAI's own
 * archives, which hold {@code input_resolution} beside the weights, have quick GELU, and of any other file the user
 * must say it.
 */
final class ShapeConfig {
    private static final int HEAD = 64;
    private static final float EPSILON = 1e-5f;
    private static final String ADVICE = ". Put the model's config.json or open_clip_config.json beside the file.";
    /** The widest image tower with heads of 64 channels; open_clip's wider ones have 80, 88 or 104. */
    private static final int WIDEST = 1024;

    private static final int CHANNELS = 3;
    private static final String PATCHES = "vision_model.embeddings.patch_embedding.weight";
    private static final String ARCHIVE = "input_resolution";

    private final TensorFile file;
    private final WeightNames names;
    private final boolean archive;

    private ShapeConfig(TensorFile file, WeightNames names) {
        this.file = file;
        this.names = names;
        this.archive = isArchive(file, names);
    }

    /** Tells whether a file is one of OpenAI's own archives, of which more is known than the shapes tell. */
    static boolean isArchive(TensorFile file, WeightNames names) {
        return names.openAi() && file.names().contains(ARCHIVE);
    }

    /**
     * Reads the sizes.
     *
     * @param file the weights
     * @param names how they are named
     * @param asked the activation that the user names
     * @return the sizes
     * @throws InvalidInputException if a tensor is missing, the shapes are not those of OpenAI's models, or nothing
     *     says the activation
     */
    static ClipConfig of(TensorFile file, WeightNames names, Optional<Activation> asked) {
        ShapeConfig shapes = new ShapeConfig(file, names);
        return shapes.read(shapes.activation(asked));
    }

    /**
     * Says what is taken for granted of a file that has no configuration beside it.
     *
     * @return one line each
     */
    static List<String> assumptions(TensorFile file, WeightNames names) {
        String common = "attention heads of 64 channels, 1e-5 in the layer norms, a text's end at its largest token,"
                + " square images";
        Path name = file.path().getFileName();
        return List.of(
                isArchive(file, names)
                        ? name + " is taken for an archive of OpenAI's, since it holds " + ARCHIVE
                                + ": assumed are quickgelu, " + common
                        : name + " has no configuration beside it: assumed are " + common);
    }

    private Activation activation(Optional<Activation> asked) {
        if (!archive) {
            return asked.orElseThrow(() -> new InvalidInputException(file.path()
                    + ": neither it nor a configuration beside it says the activation, by which a model's features"
                    + " differ; allowed are quickgelu (OpenAI's weights, and models of open_clip whose names say so)"
                    + " and gelu (all others of open_clip). Set -Dmetaprompt.model.activation=<one of them>, or put the"
                    + " model's config.json or open_clip_config.json beside the file."));
        }
        if (asked.filter(activation -> activation != Activation.QUICK_GELU).isPresent()) {
            throw new InvalidInputException("model.activation is "
                    + asked.get().option() + ", but " + file.path()
                    + " is an archive of OpenAI's (it holds " + ARCHIVE + "), which has quickgelu. Leave"
                    + " model.activation out, or put the model's config.json beside the file.");
        }
        return Activation.QUICK_GELU;
    }

    private ClipConfig read(Activation activation) {
        long[] tokens = shape("text_model.embeddings.token_embedding.weight", 2);
        long[] texts = shape("text_model.embeddings.position_embedding.weight", 2);
        long[] patches = shape(PATCHES, 4);
        long[] images = shape("vision_model.embeddings.position_embedding.weight", 2);
        long[] projection = shape("text_projection.weight", 2);
        int patch = patch(patches);
        return new ClipConfig(
                tower("text_model", size(tokens[1]), activation),
                tower("vision_model", imageWidth(size(patches[0])), activation),
                size(projection[names.transposed("text_projection.weight") ? 1 : 0]),
                size(tokens[0]),
                size(texts[0]),
                ClipConfig.LEGACY_END_TOKEN,
                size((long) grid(images[0]) * patch),
                patch);
    }

    private int patch(long[] shape) {
        if (shape[1] != CHANNELS || shape[2] != shape[3]) {
            throw new InvalidInputException(file.path() + ": tensor "
                    + names.of(PATCHES).get(0) + " has shape " + Quoted.of(Arrays.toString(shape))
                    + "; square patches of 3 channels are allowed. Use a model that has them.");
        }
        return size(shape[3]);
    }

    private int imageWidth(int width) {
        if (!archive && width > WIDEST) {
            throw new InvalidInputException(file.path() + ": an image tower of width " + width
                    + " may have heads of 64, 80, 88 or 104 channels, which no tensor tells" + ADVICE);
        }
        return width;
    }

    private Tower tower(String prefix, int width, Activation activation) {
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
        return new Tower(width, layers, width / HEAD, hidden, activation, EPSILON);
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
