package dev.metaprompt.fetch;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.io.PlainFiles;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Fetches one model from the hub into our store; the caller holds the turn. */
final class HubFetch {
    /** Of the list of a model's files, in bytes; a usual one has some kB. */
    private static final long MOST_OF_LIST = 16 << 20;

    /** Of what describes a model; the largest vocabularies have a tenth. */
    private static final long MOST_OF_DESCRIPTION = 64 << 20;

    private final HubSettings settings;
    private final ModelStore store;
    private final Download download;
    private final HubId id;
    private final Progress progress;

    HubFetch(HubSettings settings, ModelStore store, Download download, HubId id, Progress progress) {
        this.settings = settings;
        this.store = store;
        this.download = download;
        this.id = id;
        this.progress = progress;
    }

    /** What the hub has at a revision. */
    private record Listing(String commit, Set<String> names) {}

    /** One file to come. */
    private record Item(String name, RemoteFile file) {}

    /**
     * Fetches what is missing of the model.
     *
     * @return its folder, whole
     * @throws InvalidInputException if the hub does not have it or it cannot be fetched
     */
    Path run() {
        Turn.makeFolder(store.model(id));
        Listing listing = list();
        Path folder = store.folder(id, listing.commit());
        List<Item> items = items(listing, folder);
        announce(items, folder);
        List<ModelStore.Item> fetched = new ArrayList<>();
        for (Item item : items) {
            Path file = download.fetch(item.file(), folder.resolve(item.name()), progress);
            fetched.add(new ModelStore.Item(
                    item.name(),
                    size(file),
                    item.file().digest().map(Digest::toString).orElse("")));
        }
        store.finished(
                id,
                new ModelStore.Fetched(id.path(), listing.commit(), settings.endpoint(), ModelStore.CHOICE, fetched));
        return folder;
    }

    private Listing list() {
        String revision = KnownModels.commit(id).or(id::revision).orElse("main");
        URI uri = URI.create(settings.endpoint() + "/api/models/" + id.path() + "/revision/"
                + URLEncoder.encode(revision, StandardCharsets.UTF_8));
        Path file = store.model(id).resolve("listing.json");
        try {
            Files.deleteIfExists(file);
            download.fetch(remote(uri).withMost(MOST_OF_LIST), file, phasesOnly());
            JsonObject answer =
                    JsonParser.parseString(PlainFiles.text(file, MOST_OF_LIST)).getAsJsonObject();
            Files.delete(file);
            return listing(uri, revision, answer);
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | NullPointerException
                | ClassCastException
                | UnsupportedOperationException e) {
            throw new InvalidInputException(
                    Words.uri(uri) + ": is no list of a model's files. Check HF_ENDPOINT: it must name a hub.", e);
        }
    }

    /** The list of files is no news for the user, trouble on the way to it is. */
    private Progress phasesOnly() {
        return new Progress() {
            @Override
            public void phase(String text) {
                progress.phase(text);
            }

            @Override
            public void update(String what, long done, long total, String detail) {
                // a few kB
            }
        };
    }

    private Listing listing(URI uri, String revision, JsonObject answer) {
        String commit = answer.get("sha").getAsString();
        if (!HubId.isCommit(commit) || HubId.isCommit(revision) && !commit.equals(revision)) {
            throw new InvalidInputException(Words.uri(uri) + ": answers with another commit than asked for."
                    + " Check HF_ENDPOINT: it must name a hub.");
        }
        Set<String> names = new LinkedHashSet<>();
        for (JsonElement sibling : answer.getAsJsonArray("siblings")) {
            names.add(sibling.getAsJsonObject().get("rfilename").getAsString());
        }
        return new Listing(commit, names);
    }

    private List<Item> items(Listing listing, Path folder) {
        List<String> names = new ArrayList<>(ModelFiles.description(listing.names()));
        if (!names.contains("config.json") && !names.contains("open_clip_config.json")) {
            throw notClip("config.json or open_clip_config.json");
        }
        String weights = ModelFiles.weights(listing.names())
                .orElseThrow(() -> notClip("weights (model.safetensors, open_clip_model.safetensors,"
                        + " pytorch_model.bin or open_clip_pytorch_model.bin)"));
        if (weights.equals(ModelFiles.INDEX)) {
            RemoteFile index = described(listing.commit(), weights);
            names.addAll(ModelFiles.shards(download.fetch(index, folder.resolve(weights), phasesOnly())));
        }
        names.add(weights);
        return names.stream()
                .map(name -> new Item(name, described(listing.commit(), name)))
                .toList();
    }

    private InvalidInputException notClip(String lacking) {
        return new InvalidInputException("model " + id + ": the hub has no " + lacking
                + " for it. Choose a CLIP model in transformers' or open_clip's format.");
    }

    /** A file with what the hub and our table say of its bytes. */
    private RemoteFile described(String commit, String name) {
        URI uri = URI.create(settings.endpoint() + "/" + id.path() + "/resolve/" + commit + "/" + name);
        RemoteFile file = remote(uri);
        Optional<Reply> reply = download.headers(file, progress);
        OptionalLong size = reply.map(this::size).orElse(OptionalLong.empty());
        Optional<Digest> told = reply.flatMap(this::digest);
        Optional<Digest> known = KnownModels.digest(id, commit, name);
        if (known.isPresent() && told.isPresent() && !known.equals(told)) {
            throw new InvalidInputException("model " + id + ": " + Words.uri(uri) + " has " + told.get() + ", but "
                    + name + " is known to have " + known.get() + ". Use another mirror (HF_ENDPOINT).");
        }
        Optional<Digest> digest = known.or(() -> told);
        if (digest.isEmpty()) {
            progress.phase(name + ": the hub tells no digest, so only its length can be checked");
        }
        return new RemoteFile(uri, size, digest, file.token(), most(name), file.advice());
    }

    private static long most(String name) {
        return name.endsWith(".json") || name.endsWith(".txt") ? MOST_OF_DESCRIPTION : RemoteFile.MOST;
    }

    private RemoteFile remote(URI uri) {
        String advice = "Check the name " + id + " at " + settings.endpoint()
                + "; a private or gated model needs a token: set HF_TOKEN and accept its terms there"
                + (Http.isPrivate(uri) ? "." : " (it is not sent to an http address: name an https one).");
        return RemoteFile.of(uri).withToken(settings.token()).withAdvice(advice);
    }

    private OptionalLong size(Reply reply) {
        Optional<String> linked = reply.header("X-Linked-Size").filter(text -> text.matches("\\d{1,18}"));
        return linked.isPresent() ? OptionalLong.of(Long.parseLong(linked.get())) : reply.length();
    }

    /** Large files have a SHA-256 under X-Linked-Etag, small ones git's object name as the hub's own ETag. */
    private Optional<Digest> digest(Reply reply) {
        boolean own = Words.origin(reply.uri()).equals(Words.origin(URI.create(settings.endpoint())));
        return reply.header("X-Linked-Etag")
                .or(() -> own ? reply.header("ETag") : Optional.empty())
                .map(tag -> tag.replaceFirst("^W/", "").replace("\"", ""))
                .flatMap(HubFetch::digest);
    }

    private static Optional<Digest> digest(String tag) {
        if (tag.matches("[0-9a-fA-F]{64}")) {
            return Optional.of(Digest.sha256(tag));
        }
        return tag.matches("[0-9a-fA-F]{40}") ? Optional.of(Digest.gitBlob(tag)) : Optional.empty();
    }

    private void announce(List<Item> items, Path folder) {
        boolean known = items.stream().allMatch(item -> item.file().size().isPresent());
        long total =
                items.stream().mapToLong(item -> item.file().size().orElse(0)).sum();
        progress.phase("model " + id + ": " + items.size() + " files, "
                + (known ? "" : "at least ") + Words.bytes(total) + ", from "
                + URI.create(settings.endpoint()).getHost() + " to " + folder);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read (" + Words.fault(e) + "). Permit reading.", e);
        }
    }
}
