package dev.metaprompt.fetch;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.PlainFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Our own models: {@code <cache>/models/<org>--<name>/<commit>/}, and beside the commits {@code refs/<revision>} with
 * the commit a branch stood for when it was fetched, so that it stays the same until the file is deleted.
 */
final class ModelStore {
    private static final long LARGEST = 16 << 20;
    private static final String LIST = "fetched.json";
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /**
     * One fetched file.
     *
     * @param name its name
     * @param size bytes
     * @param digest as it was checked, with its kind; empty if the hub told none
     */
    record Item(String name, long size, String digest) {}

    /**
     * What was fetched; written last, so a folder that has it is whole.
     *
     * @param model {@code org/name}
     * @param commit the hub's commit
     * @param endpoint the hub's address
     * @param choice which rule chose the files: {@value #CHOICE}, or 0 of versions that left out files that may say how
     *     images are prepared
     * @param files all files
     */
    record Fetched(String model, String commit, String endpoint, int choice, List<Item> files) {}

    static final int CHOICE = 1;

    private final Path cache;

    ModelStore(Path cache) {
        this.cache = cache;
    }

    /** Holds all commits of a model. */
    Path model(HubId id) {
        return Inside.require(cache, "models/" + id.folder(), "the cache folder");
    }

    Path folder(HubId id, String commit) {
        return Inside.require(model(id), commit, "the cache folder");
    }

    /** The folder of a model that is whole. */
    Optional<Path> find(HubId id) {
        return KnownModels.commit(id)
                .or(() -> commit(id))
                .map(commit -> folder(id, commit))
                .filter(ModelStore::isWhole);
    }

    private Optional<String> commit(HubId id) {
        String revision = id.revision().orElse("main");
        if (HubId.isCommit(revision)) {
            return Optional.of(revision);
        }
        try {
            Path ref = ref(id, revision);
            return PlainFiles.isThere(ref)
                    ? Optional.of(PlainFiles.text(ref, LARGEST).strip()).filter(HubId::isCommit)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Path ref(HubId id, String revision) {
        return model(id).resolve("refs").resolve(revision);
    }

    /** Cheap: names and sizes; the digests were checked when the files came. */
    private static boolean isWhole(Path folder) {
        try {
            Path list = folder.resolve(LIST);
            if (!PlainFiles.isThere(list)) {
                return false;
            }
            Fetched fetched = read(list);
            if (fetched == null || fetched.files() == null || fetched.files().isEmpty()) {
                return false;
            }
            for (Item item : fetched.files()) {
                Path file = Inside.resolve(folder, String.valueOf(item.name()));
                if (item.name() == null || !Files.isRegularFile(file) || Files.size(file) != item.size()) {
                    return false;
                }
            }
            return true;
        } catch (IOException | JsonParseException e) {
            return false;
        }
    }

    private static Fetched read(Path list) throws IOException {
        return GSON.fromJson(PlainFiles.text(list, LARGEST), Fetched.class);
    }

    /**
     * Tells what to say of a whole model for which files that say how images are prepared were never looked for.
     *
     * @param folder what {@link #find} gives
     * @return one line without the cache's place, since records of runs keep it; empty for a model that says it, or for
     *     which the hub has nothing more
     */
    Optional<String> incomplete(HubId id, Path folder) {
        try {
            boolean says = Files.isRegularFile(folder.resolve("preprocessor_config.json")) || openClipSays(folder);
            return says || read(folder.resolve(LIST)).choice() >= CHOICE
                    ? Optional.empty()
                    : Optional.of("was fetched by an earlier version, which left out files that may say how images are"
                            + " prepared; to have them looked for, delete models/" + id.folder() + "/"
                            + folder.getFileName() + "/" + LIST + " in the cache folder where there is a network:"
                            + " without that file the model is asked for again");
        } catch (IOException | JsonParseException e) {
            return Optional.empty();
        }
    }

    /** A model of open_clip goes by what its own file says. */
    private static boolean openClipSays(Path folder) throws IOException {
        Path config = folder.resolve("open_clip_config.json");
        return PlainFiles.isThere(config)
                && JsonParser.parseString(PlainFiles.text(config, LARGEST)) instanceof JsonObject says
                && says.get("preprocess_cfg") instanceof JsonObject;
    }

    /** Remembers that a folder is whole and what revision led to it. */
    void finished(HubId id, Fetched fetched) {
        try {
            replace(folder(id, fetched.commit()).resolve(LIST), GSON.toJson(fetched) + "\n");
            String revision = id.revision().orElse("main");
            if (!HubId.isCommit(revision) && KnownModels.commit(id).isEmpty()) {
                Path ref = ref(id, revision);
                Turn.makeFolder(ref.getParent());
                replace(ref, fetched.commit() + "\n");
            }
        } catch (IOException e) {
            throw new InvalidInputException(
                    model(id) + ": cannot be written (" + Words.fault(e) + "). Make room or permit writing there.", e);
        }
    }

    private static void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.writeString(fresh, text, StandardOpenOption.CREATE_NEW);
        PartFile.move(fresh, file);
    }
}
