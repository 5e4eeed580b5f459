package dev.metaprompt.tracking;

import dev.metaprompt.io.Network;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.mlflow.tracking.MlflowHttpException;

/**
 * The one way to a server, for calls and files. Redirects are not followed, since credentials belong to the server's own
 * address; answers are read up to a limit; credentials go over TLS, or in plain where nobody else can read them.
 */
final class Wire {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int TRIES = 3;

    /** A page of a hundred runs, each with hundreds of long parameters, is a tenth of it. */
    private static final int MOST_BYTES = 32 << 20;

    /** Of a refusal. */
    private static final int MOST_REASON_BYTES = 1 << 16;

    /** An answer: what was asked for, or a refusal. */
    private record Body<T>(T content, String refusal) {}

    private final TrackingServer server;
    private final HttpClient client;

    Wire(TrackingServer server, Optional<SSLContext> tls) {
        this.server = server;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        tls.ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    TrackingServer server() {
        return server;
    }

    /**
     * Makes a call.
     *
     * @param path below the API's address, with the query
     * @param request method and body
     * @return the answer's text
     */
    String call(String path, HttpRequest.Builder request) throws IOException, InterruptedException {
        request.uri(URI.create(server.uri() + "/api/2.0/mlflow/" + path)).header("Content-Type", "application/json");
        return new String(send(request, () -> new BoundedBytes(MOST_BYTES, false)), StandardCharsets.UTF_8);
    }

    /**
     * Sends a request, again if the server wants a pause.
     *
     * @param request with an address of the server
     * @param good takes a good answer
     * @throws MlflowHttpException if the server answers with another status than 2xx; without secrets
     * @throws IOException if there is no whole answer, or one too long
     */
    <T> T send(HttpRequest.Builder request, Supplier<BodySubscriber<T>> good) throws IOException, InterruptedException {
        server.requireSafe();
        server.authorization().ifPresent(value -> request.setHeader("Authorization", value));
        URI uri = request.copy().build().uri();
        Network.proxyAuthorization(uri).ifPresent(value -> request.setHeader("Proxy-Authorization", value));
        HttpRequest ready = request.setHeader("User-Agent", "metaprompt").build();
        Duration wait = PAUSE;
        for (int tries = 1; ; tries++) {
            HttpResponse<Body<T>> response = client.send(ready, info -> subscriber(info, good));
            if (response.statusCode() / 100 == 2) {
                return response.body().content;
            }
            if (response.statusCode() != 429 || tries == TRIES) {
                // A proxy that lets nothing through answers without a body.
                String refusal = response.body() == null ? "" : response.body().refusal;
                throw new MlflowHttpException(response.statusCode(), "", server.redacted(refusal));
            }
            Thread.sleep(wait.toMillis());
            wait = wait.multipliedBy(2);
        }
    }

    private static <T> BodySubscriber<Body<T>> subscriber(
            HttpResponse.ResponseInfo info, Supplier<BodySubscriber<T>> good) {
        if (info.statusCode() / 100 == 2) {
            return BodySubscribers.mapping(good.get(), content -> new Body<>(content, ""));
        }
        Optional<String> location = info.statusCode() / 100 == 3
                ? info.headers().firstValue("Location").map(Wire::place)
                : Optional.empty();
        return BodySubscribers.mapping(
                new BoundedBytes(MOST_REASON_BYTES, true),
                bytes -> new Body<>(null, location.orElseGet(() -> new String(bytes, StandardCharsets.UTF_8))));
    }

    /** Where a redirect leads, without what may be secret. */
    private static String place(String location) {
        try {
            URI uri = URI.create(location);
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            return uri.getHost() == null ? "itself" : uri.getScheme() + "://" + uri.getHost() + port;
        } catch (IllegalArgumentException e) {
            return "no address";
        }
    }
}
