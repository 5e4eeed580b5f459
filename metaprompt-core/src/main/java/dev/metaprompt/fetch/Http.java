package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Network;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Asks servers. Redirects are followed here and not by the JDK's client: it would carry a token to another host.
 *
 * <p>Proxies are those of {@link Network}.
 */
final class Http {
    private static final int MOST_REDIRECTS = 10;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final HttpClient client;
    private final Patience patience;

    Http(Patience patience) {
        this.patience = patience;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .build();
    }

    /**
     * Asks and follows redirects.
     *
     * @param method {@code GET} or {@code HEAD}
     * @param file the address and the token for its host
     * @param headers to be sent beside the token
     * @param enough an answer that is taken although it redirects
     * @return the answer; to be closed
     * @throws IOException if the connection failed
     * @throws InvalidInputException if the redirects lead nowhere or to a less safe place
     */
    Reply ask(String method, RemoteFile file, Map<String, String> headers, Predicate<Reply> enough)
            throws IOException, InterruptedException {
        URI uri = checked(file.uri(), file.uri());
        Optional<String> token = file.token();
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            Reply reply = send(method, uri, token, headers);
            if (!reply.redirects() || enough.test(reply)) {
                return reply;
            }
            URI next = target(uri, reply.header("Location").orElseThrow());
            reply.close();
            // once another host was named the token stays home, even if the way leads back
            token = Words.origin(next).equals(Words.origin(uri)) ? token : Optional.empty();
            uri = next;
        }
        throw new InvalidInputException(Words.uri(file.uri()) + ": more than " + MOST_REDIRECTS
                + " redirects, the last to " + Quoted.of(Words.uri(uri)) + ". Check the address.");
    }

    private Reply send(String method, URI uri, Optional<String> token, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(patience.stall())
                .header("User-Agent", "metaprompt")
                // lengths and ranges count the file's own bytes
                .header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        token.filter(secret -> isPrivate(uri)).ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        // Not by an authenticator of the client, with which the JDK drops the header above.
        Network.proxyAuthorization(uri).ifPresent(value -> request.header("Proxy-Authorization", value));
        try {
            return new Reply(client.send(request.build(), info -> new Chunks()));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    Quoted.of(Words.uri(uri)) + ": is no address that can be asked (" + Quoted.reason(e)
                            + "). Check the address.",
                    e);
        }
    }

    /** Whether nobody on the way can read what is sent. */
    static boolean isPrivate(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme()) || LOOPBACK.contains(uri.getHost());
    }

    /** Where a redirect leads, if it may be followed. */
    static URI target(URI from, String location) {
        URI next;
        try {
            next = from.resolve(URI.create(location));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    Quoted.of(Words.uri(from)) + ": redirects to something that is no address. Check the address.", e);
        }
        checked(from, next);
        if ("https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(next.getScheme())) {
            throw new InvalidInputException(
                    Quoted.of(Words.uri(from)) + ": redirects from https to " + Quoted.of(Words.uri(next))
                            + ", which is not encrypted. Name the final address if it can be trusted.");
        }
        return next;
    }

    private static URI checked(URI from, URI uri) {
        boolean known = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!known || uri.getHost() == null) {
            throw new InvalidInputException(Quoted.of(Words.uri(from)) + ": leads to " + Quoted.of(Words.uri(uri))
                    + "; only http and https addresses work.");
        }
        return uri;
    }
}
