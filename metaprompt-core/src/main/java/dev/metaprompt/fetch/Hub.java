package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds models by their name on the Hugging Face hub: in the cache that Hugging Face's library keeps (read only), in
 * our own cache, and at last on the hub itself.
 *
 * <p>The environment is honoured as that library does: {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME},
 * {@code HF_ENDPOINT}, {@code HF_TOKEN} (or the file {@code token} below {@code HF_HOME}), {@code HF_HUB_OFFLINE}.
 * A model that is whole on this machine is used without any network.
 */
public final class Hub {
    private final HubSettings settings;
    private final ModelStore store;
    private final Path cache;
    private final boolean offline;
    private final Download download;

    /**
     * Creates it.
     *
     * @param environment the environment variables, as {@link System#getenv()} gives them
     * @param cache our own cache; models stand below {@code models}
     * @param offline whether the caller forbids the network, as Maven's {@code -o} does
     * @param download fetches the files
     * @throws InvalidInputException if an environment variable cannot be used
     */
    public Hub(Map<String, String> environment, Path cache, boolean offline, Download download) {
        this.settings = HubSettings.of(environment, cache);
        this.store = new ModelStore(cache);
        this.cache = cache;
        this.offline = offline;
        this.download = download;
    }

    /**
     * Tells a hub id from a path.
     *
     * @param text what the user wrote
     * @return whether it is of the form {@code org/name} or {@code org/name@revision}
     */
    public static boolean isId(String text) {
        try {
            HubId.parse(text);
            return true;
        } catch (InvalidInputException e) {
            return false;
        }
    }

    /**
     * Finds a model and fetches it where it is missing.
     *
     * @param id {@code org/name} or {@code org/name@revision}, the revision a branch, a tag or a commit
     * @param progress hears sizes, bytes, pauses
     * @return the model's folder, whole; its own name is the hub's commit
     * @throws InvalidInputException if the id is none, or the model is not here and cannot be fetched
     */
    public Path find(String id, Progress progress) {
        HubId wanted = HubId.parse(id);
        Optional<HuggingFaceCache.Found> theirs = new HuggingFaceCache(settings.cache()).find(wanted, progress);
        if (theirs.map(HuggingFaceCache.Found::isWhole).orElse(false)) {
            return theirs.get().folder();
        }
        Optional<Path> ours = store.find(wanted);
        if (ours.isPresent()) {
            store.incomplete(wanted, ours.get())
                    .ifPresent(line -> progress.phase("warning: model " + id + ": " + line));
            return ours.get();
        }
        if (!offline && !settings.offline()) {
            return fetch(wanted, progress);
        }
        if (theirs.map(HuggingFaceCache.Found::lacksTokenizerOnly).orElse(false)) {
            return theirs.get().folder();
        }
        throw noNetwork(wanted, theirs);
    }

    private Path fetch(HubId id, Progress progress) {
        Turn.makeFolder(store.model(id).getParent());
        try (Turn turn = Turn.take(store.model(id), download.patience().poll(), progress)) {
            // another process may have been faster
            return store.find(id).orElseGet(() -> new HubFetch(settings, store, download, id, progress).run());
        }
    }

    private InvalidInputException noNetwork(HubId id, Optional<HuggingFaceCache.Found> theirs) {
        List<String> missing = theirs.map(HuggingFaceCache.Found::missing)
                .orElse(List.of("config.json", "model.safetensors", "tokenizer.json"));
        Path place = theirs.map(HuggingFaceCache.Found::folder).orElse(settings.cache());
        String reason = offline ? "the network is off (-o, or offline is true)" : "HF_HUB_OFFLINE is set";
        return new InvalidInputException(
                "model " + id + ": " + Quoted.of(String.join(", ", missing)) + " is missing in " + place
                        + " and in " + cache.resolve("models") + ", and " + reason
                        + ". Run metaprompt:prepare once with a network, or give model a folder that holds "
                        + Quoted.of(String.join(", ", missing)) + ".");
    }
}
