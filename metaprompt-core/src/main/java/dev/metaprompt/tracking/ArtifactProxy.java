package dev.metaprompt.tracking;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.mlflow.api.proto.Service.RunInfo;

/** The server's own door for files, by plain HTTP: MLflow's Java client cannot send any without a Python beside it. */
final class ArtifactProxy {
    /** Files are given more time than calls, as if the line were this slow. */
    private static final double BYTES_A_SECOND = 200_000;

    private static final long EXPECTED_BYTES = 1 << 24;

    private final ServerCalls calls;
    private HttpClient http;

    ArtifactProxy(ServerCalls calls) {
        this(calls, null);
    }

    /** With a client that others use too. */
    ArtifactProxy(ServerCalls calls, HttpClient http) {
        this.calls = calls;
        this.http = http;
    }

    /** Makes a client. */
    static HttpClient client(Duration connect) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connect)
                .build();
    }

    /** Tells whether the server itself takes the files of a run. */
    static boolean takesFilesOf(RunInfo run) {
        return run.getArtifactUri().startsWith("mlflow-artifacts:");
    }

    void put(RunInfo run, String name, Path file) throws ServerFault {
        HttpRequest.Builder request = request(run, name);
        long size;
        try {
            size = Files.size(file);
            request.PUT(HttpRequest.BodyPublishers.ofFile(file));
        } catch (IOException e) {
            throw calls.changed(file + " cannot be read to be sent there (" + e.getMessage() + ")");
        }
        send(request.build(), HttpResponse.BodyHandlers.ofString(), size);
    }

    /** Fetches a file of a run; nothing if the run has none of that name. */
    Optional<byte[]> get(RunInfo run, String name) throws ServerFault {
        try {
            HttpRequest request = request(run, name).GET().build();
            return Optional.of(send(request, HttpResponse.BodyHandlers.ofByteArray(), EXPECTED_BYTES));
        } catch (ServerFault e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Fetches a file of a run into a file here.
     *
     * @param bytes its size; more are not read
     * @return the SHA-256 of what has come
     */
    String get(RunInfo run, String name, Path into, long bytes) throws ServerFault {
        HttpRequest request = request(run, name).GET().build();
        return send(
                request,
                response -> response.statusCode() / 100 == 2
                        ? new BoundedFile(into, bytes)
                        : HttpResponse.BodySubscribers.replacing(""),
                bytes);
    }

    void delete(RunInfo run, String name) throws ServerFault {
        send(request(run, name).DELETE().build(), HttpResponse.BodyHandlers.discarding(), 0);
    }

    private HttpRequest.Builder request(RunInfo run, String name) {
        String folder = run.getArtifactUri().replaceFirst("^mlflow-artifacts:(//[^/]*)?/*", "");
        URI uri = URI.create(calls.server().uri() + "/api/2.0/mlflow-artifacts/artifacts/" + folder + "/" + name);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        calls.server().authorization().ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private <T> T send(HttpRequest request, HttpResponse.BodyHandler<T> handler, long bytes) throws ServerFault {
        if (http == null) {
            http = client(calls.limit());
        }
        HttpClient to = http;
        Duration within = calls.limit().plusMillis((long) (1000 * bytes / BYTES_A_SECOND));
        HttpResponse<T> response = calls.ask(() -> to.send(request, handler), within, () -> {});
        if (response.statusCode() / 100 != 2) {
            throw ServerFault.status(
                    calls.server(),
                    response.statusCode(),
                    "at the file " + request.uri().getPath());
        }
        return response.body();
    }
}
