package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.mlflow.api.proto.Service.RunInfo;

/** The server's own door for files: MLflow's Java client cannot send any without a Python beside it. */
final class ArtifactProxy {
    /** Files are given more time than calls, as if the line were this slow. */
    private static final double BYTES_A_SECOND = 200_000;

    private static final long EXPECTED_BYTES = 1 << 24;

    /** What a server may call a folder: parts of an address that lead no higher. */
    private static final Pattern FOLDER = Pattern.compile("(?!.*(^|/)\\.{1,2}(/|$))[\\w./~+=@%-]{1,1000}");

    /** Of an answer that nobody reads. */
    private static final int MOST_ANSWER = 1 << 16;

    private final ServerCalls calls;

    ArtifactProxy(ServerCalls calls) {
        this.calls = calls;
    }

    /** Tells whether the server itself takes the files of a run. */
    static boolean takesFilesOf(RunInfo run) {
        return run.getArtifactUri().startsWith("mlflow-artifacts:");
    }

    void put(RunInfo run, String name, Path file) throws ServerFault {
        HttpRequest.Builder request = request(run, name);
        try (OpenedFile opened = new OpenedFile(file)) {
            send(request.PUT(opened.publisher()), name, ArtifactProxy::nothing, opened.size());
        } catch (IOException e) {
            throw calls.changed(file + " cannot be read to be sent there (" + Quoted.reason(e) + ")");
        }
    }

    private static HttpResponse.BodySubscriber<byte[]> nothing() {
        return new BoundedBytes(MOST_ANSWER, true);
    }

    /**
     * Fetches a file of a run into a file here, which stands there whole or not at all.
     *
     * @param most in bytes; a longer file is a fault
     * @return whether the run has a file of that name
     */
    boolean fetch(RunInfo run, String name, Path into, long most) throws ServerFault {
        Path part = into.resolveSibling(into.getFileName() + ".part");
        deleteQuietly(part);
        try {
            send(request(run, name).GET(), name, () -> new BoundedFile(part, most), EXPECTED_BYTES);
            Files.move(part, into, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (ServerFault e) {
            if (e.status() == 404) {
                return false;
            }
            throw e;
        } catch (IOException e) {
            throw new InvalidInputException(into + ": cannot be written (" + Quoted.reason(e) + ").", e);
        } finally {
            deleteQuietly(part);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It is overwritten by the next attempt.
        }
    }

    /**
     * Fetches a file of a run into a file here.
     *
     * @param bytes its size; more are not read
     * @return the SHA-256 of what has come
     */
    String get(RunInfo run, String name, Path into, long bytes) throws ServerFault {
        return send(request(run, name).GET(), name, () -> new BoundedFile(into, bytes), bytes);
    }

    void delete(RunInfo run, String name) throws ServerFault {
        send(request(run, name).DELETE(), name, ArtifactProxy::nothing, 0);
    }

    private HttpRequest.Builder request(RunInfo run, String name) throws ServerFault {
        String folder = run.getArtifactUri().replaceFirst("^mlflow-artifacts:(//[^/]*)?/*", "");
        if (!FOLDER.matcher(folder).matches()) {
            throw calls.changed("it keeps the files of run " + run.getRunId() + " in a folder of no usable name");
        }
        return HttpRequest.newBuilder(
                URI.create(calls.server().uri() + "/api/2.0/mlflow-artifacts/artifacts/" + folder + "/" + name));
    }

    private <T> T send(HttpRequest.Builder request, String name, Supplier<BodySubscriber<T>> good, long bytes)
            throws ServerFault {
        Duration within = calls.limit().plusMillis((long) (1000 * bytes / BYTES_A_SECOND));
        try {
            return calls.ask(() -> calls.server().wire().send(request, good), within);
        } catch (ServerFault e) {
            throw e.status() == 0 ? e : e.atFile(name);
        }
    }
}
