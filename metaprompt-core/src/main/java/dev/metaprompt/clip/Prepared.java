package dev.metaprompt.clip;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.image.Preprocessing;
import dev.metaprompt.io.PreparationNames;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How a model's images are prepared, by the file of its folder that says so.
 *
 * @param preprocessing sizes and normalisation
 * @param assumptions what no file says, one line each
 */
record Prepared(Preprocessing preprocessing, List<String> assumptions) {
    private static final String PROCESSOR = "processor_config.json";
    private static final String PREPROCESSOR = "preprocessor_config.json";
    private static final Set<String> UNDERSTOOD = Set.of(PROCESSOR, PREPROCESSOR);
    /** Where other programs keep a model's parts each in a folder of its own. */
    private static final Set<String> FOLDERS =
            Set.of("feature_extractor", "image_processor", "preprocessor", "processor");

    private static final String TRANSFORMERS_DECIDES = "images are prepared as transformers' file says; "
            + ModelFolder.OPEN_CLIP_CONFIG + " beside it says otherwise";

    private static final String OPEN_CLIP_DECIDES = "images are prepared as " + ModelFolder.OPEN_CLIP_CONFIG
            + " says; transformers' file beside it says otherwise";

    Prepared {
        assumptions = List.copyOf(assumptions);
    }

    /**
     * Reads the file that decides: transformers' of a model of transformers, open_clip's of a model of open_clip; the
     * other's where its own says nothing; CLIP's constants where none does.
     *
     * @param directory the model's folder
     * @param openClip whether the model's sizes are read from open_clip's file
     * @param imageSize the model's
     * @return what it says
     * @throws InvalidInputException if a file cannot be read or asks for something other than CLIP's kind of
     *     preprocessing, two of them contradict each other, or the folder has one that nobody understands
     */
    static Prepared of(Path directory, boolean openClip, int imageSize) {
        refuseOthers(directory);
        Supplier<Optional<Prepared>> transformers = () -> ofTransformers(directory, imageSize);
        Supplier<Optional<Prepared>> openClips = () -> ofOpenClip(directory, imageSize);
        Optional<Prepared> own = (openClip ? openClips : transformers).get();
        Supplier<Optional<Prepared>> others = openClip ? transformers : openClips;
        if (own.isPresent()) {
            return differs(own.get(), others)
                    ? own.get().with(openClip ? OPEN_CLIP_DECIDES : TRANSFORMERS_DECIDES)
                    : own.get();
        }
        return others.get().orElseGet(() -> assumed(imageSize));
    }

    /**
     * Tells whether versions that recorded no reading prepared images otherwise by the same files: they knew no
     * {@code processor_config.json}, and of the other two files took transformers' for any model.
     *
     * @param directory the model's folder
     * @param now what is read now
     * @return true also where they refused a file
     */
    static boolean readAnew(Path directory, int imageSize, Preprocessing now) {
        try {
            return !same(before(directory, imageSize), now);
        } catch (InvalidInputException e) {
            return true;
        }
    }

    private static Preprocessing before(Path directory, int imageSize) {
        Path file = directory.resolve(PREPROCESSOR);
        return Files.isRegularFile(file)
                ? PreprocessorConfig.readBefore(file, imageSize)
                : ofOpenClip(directory, imageSize)
                        .map(Prepared::preprocessing)
                        .orElseGet(() -> PreprocessorConfig.standard(imageSize));
    }

    private static boolean differs(Prepared own, Supplier<Optional<Prepared>> others) {
        try {
            return others.get()
                    .filter(other -> !same(own.preprocessing, other.preprocessing))
                    .isPresent();
        } catch (InvalidInputException e) {
            // It asks for another way than CLIP's, or cannot be read; it does not decide.
            return true;
        }
    }

    private Prepared with(String line) {
        return new Prepared(
                preprocessing,
                Stream.concat(assumptions.stream(), Stream.of(line)).toList());
    }

    private static Prepared assumed(int imageSize) {
        return new Prepared(
                PreprocessorConfig.standard(imageSize),
                List.of("no file of the model says how images are prepared: assumed is OpenAI's way (shorter side to "
                        + imageSize + " pixels, bicubic, mean 0.4815 0.4578 0.4082, deviation 0.2686 0.2613 0.2758)"));
    }

    private static Optional<Prepared> ofOpenClip(Path directory, int imageSize) {
        Path file = directory.resolve(ModelFolder.OPEN_CLIP_CONFIG);
        return Files.isRegularFile(file) ? PreprocessorConfig.readOpenClip(file, imageSize) : Optional.empty();
    }

    // transformers 5 asks processor_config.json first, transformers 4 knows preprocessor_config.json alone.
    private static Optional<Prepared> ofTransformers(Path directory, int imageSize) {
        Path newer = directory.resolve(PROCESSOR);
        Path older = directory.resolve(PREPROCESSOR);
        Optional<Prepared> nested =
                Files.isRegularFile(newer) ? PreprocessorConfig.readNested(newer, imageSize) : Optional.empty();
        if (!Files.isRegularFile(older)) {
            return nested;
        }
        Prepared plain = PreprocessorConfig.read(older, imageSize);
        if (nested.isPresent() && !same(nested.get().preprocessing, plain.preprocessing)) {
            throw new InvalidInputException(newer + " and " + older.getFileName()
                    + " beside it prepare images in two ways (" + described(nested.get().preprocessing) + "; "
                    + described(plain.preprocessing)
                    + "): transformers 5 follows the first, transformers 4 the second. Keep the one that the model was"
                    + " made with.");
        }
        return Optional.of(nested.orElse(plain));
    }

    // A record with arrays does not compare them.
    private static boolean same(Preprocessing one, Preprocessing other) {
        return described(one).equals(described(other));
    }

    private static String described(Preprocessing p) {
        return "size " + p.resize() + ", crop " + p.crop() + ", mean " + Arrays.toString(p.mean()) + ", deviation "
                + Arrays.toString(p.std());
    }

    private static void refuseOthers(Path directory) {
        for (Path entry : entries(directory)) {
            String name = entry.getFileName().toString();
            boolean unknown = Files.isDirectory(entry)
                    ? FOLDERS.contains(name)
                    : PreparationNames.matches(name) && !UNDERSTOOD.contains(name);
            if (unknown) {
                throw new InvalidInputException(Quoted.path(entry)
                        + " may say how the model's images are prepared, but is not understood; allowed are "
                        + PREPROCESSOR + ", " + PROCESSOR + " and " + ModelFolder.OPEN_CLIP_CONFIG
                        + ". Write what it says into one of them and take it out of the model's folder.");
            }
        }
    }

    private static List<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> sorted = new ArrayList<>(entries.toList());
            sorted.sort(null);
            return sorted;
        } catch (IOException e) {
            throw new InvalidInputException(
                    directory + ": the model's folder cannot be listed: " + Quoted.reason(e) + ". Permit reading.", e);
        }
    }
}
