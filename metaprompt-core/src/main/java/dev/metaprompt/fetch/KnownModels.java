package dev.metaprompt.fetch;

import java.util.Map;
import java.util.Optional;

/**
 * The hub's models that are fetched at a fixed commit, so that everybody gets the same bytes, and the digests of their
 * weights where several independent projects publish the same one. A model or file that is not here is taken as the hub
 * serves it.
 */
final class KnownModels {
    /**
     * One model.
     *
     * @param commit the hub's commit
     * @param digests by file name
     */
    record Known(String commit, Map<String, Digest> digests) {}

    private static final Map<String, Known> TABLE = Map.of(
            "openai/clip-vit-base-patch16", new Known("57c216476eefef5ab752ec549e440a49ae4ae5f3", Map.of()),
            "openai/clip-vit-base-patch32",
                    new Known(
                            "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268",
                            Map.of(
                                    "pytorch_model.bin",
                                    Digest.sha256("a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f"))),
            "openai/clip-vit-large-patch14",
                    new Known(
                            "32bd64288804d66eefd0ccbe215aa642df71cc41",
                            Map.of(
                                    "model.safetensors",
                                    Digest.sha256(
                                            "a2bf730a0c7debf160f7a6b50b3aaf3703e7e88ac73de7a314903141db026dcb"))));

    private KnownModels() {}

    /** The commit a name stands for, unless the user names a revision. */
    static Optional<String> commit(HubId id) {
        return id.revision().isPresent()
                ? Optional.empty()
                : Optional.ofNullable(TABLE.get(id.path())).map(Known::commit);
    }

    /** The digest of a file of that commit, where one is known for certain. */
    static Optional<Digest> digest(HubId id, String commit, String file) {
        return Optional.ofNullable(TABLE.get(id.path()))
                .filter(known -> known.commit().equals(commit))
                .map(known -> known.digests().get(file));
    }
}
