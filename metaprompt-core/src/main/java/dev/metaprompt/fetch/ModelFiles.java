package dev.metaprompt.fetch;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PreparationNames;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which of a repository's files make the model. Code and settings of ours never come from the network. */
final class ModelFiles {
    /** The one file that makes a set of weights of several. */
    static final String INDEX = "model.safetensors.index.json";

    /** A file of the repository's root, and nothing that any system takes for more than a name. */
    private static final String PLAIN_NAME = "[A-Za-z0-9_][A-Za-z0-9._-]{0,80}";

    private static final int MOST_SHARDS = 1000;

    /** What describes the model, the images it takes and its tokens. */
    private static final List<String> DESCRIPTION = List.of(
            "config.json",
            "open_clip_config.json",
            "adapter_config.json",
            "preprocessor_config.json",
            "tokenizer.json",
            "added_tokens.json",
            "tokenizer_config.json",
            "vocab.json",
            "merges.txt",
            "special_tokens_map.json");

    /** The best first; one set is enough. */
    private static final List<String> WEIGHTS = List.of(
            "model.safetensors",
            INDEX,
            "open_clip_model.safetensors",
            "pytorch_model.bin",
            "open_clip_pytorch_model.bin");

    private static final long LARGEST = 1 << 28;

    private ModelFiles() {}

    /**
     * Those of the names that describe the model. What may say how images are prepared comes too, understood or not:
     * who opens the model must see that it is there.
     */
    static List<String> description(Collection<String> names) {
        Stream<String> preparation = names.stream()
                .filter(name -> name.matches(PLAIN_NAME) && PreparationNames.matches(name))
                .sorted();
        return Stream.concat(DESCRIPTION.stream().filter(names::contains), preparation)
                .distinct()
                .toList();
    }

    /** The best set of weights among the names; for several files their index. */
    static Optional<String> weights(Collection<String> names) {
        return WEIGHTS.stream().filter(names::contains).findFirst();
    }

    /**
     * The files that an index of weights names.
     *
     * @param index the file
     * @return their names, each once, in order
     * @throws InvalidInputException if it is no index or names something that is no file name
     */
    static List<String> shards(Path index) {
        try {
            JsonObject map = JsonParser.parseString(UserText.read(index, LARGEST))
                    .getAsJsonObject()
                    .getAsJsonObject("weight_map");
            TreeSet<String> names = new TreeSet<>();
            for (JsonElement name : map.asMap().values()) {
                names.add(name.getAsString());
            }
            if (names.size() > MOST_SHARDS) {
                throw new InvalidInputException(index + ": names " + names.size() + " files of weights, and "
                        + MOST_SHARDS + " are the most that are fetched. The model cannot be used.");
            }
            for (String name : names) {
                if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,67}\\.safetensors")) {
                    throw new InvalidInputException(index + ": names weights that are no file name of safetensors: "
                            + Quoted.of(name) + ". The model cannot be used.");
                }
            }
            return List.copyOf(names);
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | NullPointerException
                | ClassCastException
                | UnsupportedOperationException e) {
            throw new InvalidInputException(
                    index + ": is no index of weights (an object weight_map of tensor and file names). Delete it and"
                            + " fetch the model again.",
                    e);
        }
    }

    /**
     * What a folder lacks of a model that can be used.
     *
     * @param folder may be missing
     * @return file names; empty if it is whole
     */
    static List<String> missing(Path folder) {
        List<String> missing = new ArrayList<>();
        if (!has(folder, "config.json") && !has(folder, "open_clip_config.json")) {
            missing.add("config.json");
        }
        Optional<String> weights =
                WEIGHTS.stream().filter(name -> has(folder, name)).findFirst();
        if (weights.isEmpty()) {
            missing.add("model.safetensors");
        } else if (weights.get().equals(INDEX)) {
            shards(folder.resolve(INDEX)).stream()
                    .filter(shard -> !has(folder, shard))
                    .forEach(missing::add);
        }
        if (!has(folder, "tokenizer.json") && !(has(folder, "vocab.json") && has(folder, "merges.txt"))) {
            missing.add("tokenizer.json");
        }
        return missing;
    }

    /** A link to a file that is gone does not count: such are left by a download that broke off. */
    private static boolean has(Path folder, String name) {
        return Files.isRegularFile(folder.resolve(name));
    }
}
