package dev.metaprompt.fetch;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file somewhere on the network and what is known of it.
 *
 * @param uri {@code http} or {@code https}
 * @param size its length in bytes where known
 * @param digest what its bytes digest to where known
 * @param token sent as bearer token to the URI's own host and to no other; never shown
 * @param most bytes that may come at most; more are refused, whatever the server announces
 * @param advice what the user can do if the server refuses it; one sentence
 */
public record RemoteFile(
        URI uri, OptionalLong size, Optional<Digest> digest, Optional<String> token, long most, String advice) {
    /** Where nothing else is said: more than the largest weights. */
    static final long MOST = 128L << 30;

    /**
     * A file of which nothing more is known.
     *
     * @param uri {@code http} or {@code https}
     * @return the file
     */
    public static RemoteFile of(URI uri) {
        return new RemoteFile(
                uri,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                MOST,
                "Check the address and the rights.");
    }

    /**
     * With its length.
     *
     * @param bytes at least 0
     * @return a copy
     */
    public RemoteFile withSize(long bytes) {
        return new RemoteFile(uri, OptionalLong.of(bytes), digest, token, most, advice);
    }

    /**
     * With its digest.
     *
     * @param expected what its bytes must digest to
     * @return a copy
     */
    public RemoteFile withDigest(Digest expected) {
        return new RemoteFile(uri, size, Optional.of(expected), token, most, advice);
    }

    /**
     * With a token.
     *
     * @param secret the bearer token, or empty for none
     * @return a copy
     */
    public RemoteFile withToken(Optional<String> secret) {
        return new RemoteFile(uri, size, digest, secret, most, advice);
    }

    /**
     * With a limit.
     *
     * @param bytes that may come at most, at least 1
     * @return a copy
     */
    public RemoteFile withMost(long bytes) {
        return new RemoteFile(uri, size, digest, token, bytes, advice);
    }

    /**
     * With advice for the case that the server refuses it.
     *
     * @param sentence one sentence
     * @return a copy
     */
    public RemoteFile withAdvice(String sentence) {
        return new RemoteFile(uri, size, digest, token, most, sentence);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return Words.uri(uri);
    }
}
