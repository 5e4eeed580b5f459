package dev.metaprompt.fetch;

import dev.metaprompt.Progress;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The cache that Hugging Face's library keeps, read only: {@code models--org--name} with {@code refs/<revision>} and
 * {@code snapshots/<commit>/}.
 */
final class HuggingFaceCache {
    private static final long LARGEST = 1 << 16;

    private final Path root;

    HuggingFaceCache(Path root) {
        this.root = root;
    }

    /**
     * What is there of a model.
     *
     * @param folder the snapshot
     * @param missing what it lacks; empty if it is whole
     */
    record Found(Path folder, List<String> missing) {
        boolean isWhole() {
            return missing.isEmpty();
        }

        /** Only the tokens are described elsewhere: good enough where there is no network. */
        boolean lacksTokenizerOnly() {
            return missing.equals(List.of("tokenizer.json"));
        }
    }

    /**
     * Looks for a model.
     *
     * @param id its name; without a revision the commit we know it by is preferred to what the cache calls main
     * @param progress hears if another commit than ours is used
     */
    Optional<Found> find(HubId id, Progress progress) {
        Path model = root.resolve("models--" + id.folder());
        Optional<String> ours = KnownModels.commit(id);
        Optional<Found> pinned = ours.flatMap(commit -> snapshot(model, commit));
        if (pinned.map(Found::isWhole).orElse(false)) {
            return pinned;
        }
        Optional<Found> named = commit(model, id.revision().orElse("main")).flatMap(commit -> snapshot(model, commit));
        if (ours.isPresent() && named.map(Found::isWhole).orElse(false)) {
            progress.phase(
                    "model " + id + ": uses commit " + named.get().folder().getFileName() + " found in " + root
                            + ", not " + ours.get() + "; name org/name@" + ours.get() + " to get that");
        }
        return named.isPresent() ? named : pinned;
    }

    private static Optional<String> commit(Path model, String revision) {
        if (HubId.isCommit(revision)) {
            return Optional.of(revision);
        }
        try {
            Path ref = model.resolve("refs").resolve(revision);
            return Files.isRegularFile(ref)
                    ? Optional.of(UserText.read(ref, LARGEST).strip()).filter(HubId::isCommit)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Found> snapshot(Path model, String commit) {
        Path folder = model.resolve("snapshots").resolve(commit);
        return Files.isDirectory(folder)
                ? Optional.of(new Found(folder, ModelFiles.missing(folder)))
                : Optional.empty();
    }
}
