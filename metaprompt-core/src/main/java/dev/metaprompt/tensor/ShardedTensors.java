package dev.metaprompt.tensor;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Weights in several files, with an index that says which tensor lies in which: {@code model.safetensors.index.json}. */
public final class ShardedTensors implements TensorFile {
    /** How the name of an index ends. */
    public static final String SUFFIX = ".index.json";

    private static final int MOST_SHARDS = 1000;
    private static final long LARGEST = 1 << 28;
    private static final String ADVICE = ". Fetch the model folder again.";
    private final Path index;
    private final Map<String, TensorFile> tensors;
    private final List<TensorFile> files;

    private ShardedTensors(Path index, Map<String, TensorFile> tensors, List<TensorFile> files) {
        this.index = index;
        this.tensors = tensors;
        this.files = files;
    }

    /**
     * Opens all files of an index.
     *
     * @param index the index
     * @return the open files; close it
     * @throws InvalidInputException if the index is no index, or names a file outside its folder, a file that is
     *     missing or damaged, or a tensor that its file has not got
     */
    public static ShardedTensors open(Path index) {
        Map<String, String> places = places(index);
        Map<String, TensorFile> open = new LinkedHashMap<>();
        try {
            Map<String, TensorFile> tensors = new LinkedHashMap<>();
            for (Map.Entry<String, String> place : places.entrySet()) {
                TensorFile file = open.get(place.getValue());
                if (file == null) {
                    file = open(index, shard(index, place.getValue()));
                    open.put(place.getValue(), file);
                }
                if (!file.names().contains(place.getKey())) {
                    throw new InvalidInputException(index + " places tensor "
                            + Quoted.of(place.getKey()) + " in "
                            + Quoted.of(file.path().getFileName()) + ", which has no such tensor" + ADVICE);
                }
                tensors.put(place.getKey(), file);
            }
            return new ShardedTensors(index, tensors, List.copyOf(open.values()));
        } catch (RuntimeException e) {
            open.values().forEach(TensorFile::close);
            throw e;
        }
    }

    private static TensorFile open(Path index, Path shard) {
        if (!Files.isRegularFile(shard)) {
            throw new InvalidInputException(
                    Quoted.path(shard) + " is missing; " + index.getFileName() + " places tensors there" + ADVICE);
        }
        return TensorFile.open(shard);
    }

    /**
     * Lists the files of an index.
     *
     * @param index the index
     * @return the files, by name, each once
     * @throws InvalidInputException if the index is no index, or names a file outside its folder
     */
    public static List<Path> files(Path index) {
        List<Path> files = new ArrayList<>();
        new TreeSet<>(places(index).values()).forEach(name -> files.add(shard(index, name)));
        return files;
    }

    private static Map<String, String> places(Path index) {
        Map<String, String> places = new LinkedHashMap<>();
        try {
            JsonObject json =
                    JsonParser.parseString(UserText.read(index, LARGEST)).getAsJsonObject();
            for (Map.Entry<String, JsonElement> e :
                    json.getAsJsonObject("weight_map").entrySet()) {
                places.put(e.getKey(), e.getValue().getAsJsonPrimitive().getAsString());
            }
        } catch (IOException | JsonParseException | IllegalStateException | NullPointerException e) {
            throw new InvalidInputException(
                    index + " is not a JSON object with a weight_map of tensor names to file names (" + Quoted.reason(e)
                            + ")" + ADVICE,
                    e);
        } catch (ClassCastException e) {
            throw new InvalidInputException(index + ": weight_map is no object of file names" + ADVICE, e);
        }
        int shards = new TreeSet<>(places.values()).size();
        if (shards < 1 || shards > MOST_SHARDS) {
            throw new InvalidInputException(
                    index + ": weight_map names " + shards + " files; 1 to " + MOST_SHARDS + " are allowed" + ADVICE);
        }
        return places;
    }

    // A name with a separator could lead out of the folder, an index among the shards into a circle.
    private static Path shard(Path index, String name) {
        if (!name.matches("[\\w.\\-]+") || name.startsWith(".") || name.endsWith(SUFFIX)) {
            throw new InvalidInputException(index + " names the file " + Quoted.of(name)
                    + "; a file's plain name in the same folder is allowed" + ADVICE);
        }
        return index.resolveSibling(name);
    }

    @Override
    public Path path() {
        return index;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public long[] shape(String name) {
        return file(name).shape(name);
    }

    @Override
    public float[] readFloats(String name) {
        return file(name).readFloats(name);
    }

    @Override
    public void readFloats(String name, ByteBuffer target) {
        file(name).readFloats(name, target);
    }

    private TensorFile file(String name) {
        TensorFile file = tensors.get(name);
        if (file == null) {
            throw new InvalidInputException(
                    index + " has no tensor " + Quoted.of(name) + ". Use a file that holds it.");
        }
        return file;
    }

    @Override
    public void close() {
        files.forEach(TensorFile::close);
    }
}
