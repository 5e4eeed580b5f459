package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches files over HTTP so that they stand under their name whole and checked, or not at all.
 *
 * <p>What has come is kept beside the target as {@code <name>.part} and gone on with by {@code Range} and
 * {@code If-Range}, after a broken connection as well as after a killed process. Faults that may pass (connection,
 * time-outs, status 408, 425, 429 and 5xx) are tried again with growing pauses, {@code Retry-After} is honoured.
 * Of several processes that want the same target one fetches it and the others wait. Safe for use by several threads.
 */
public final class Download {
    private final Patience patience;
    private final Retries retries;
    private final Http http;

    /**
     * Creates it.
     *
     * @param patience how long and how often it waits; {@link Patience#USUAL}
     */
    public Download(Patience patience) {
        this(patience, wait -> Thread.sleep(wait.toMillis()));
    }

    Download(Patience patience, Retries.Pause pause) {
        this.patience = patience;
        this.retries = new Retries(patience, pause);
        this.http = new Http(patience);
    }

    Patience patience() {
        return patience;
    }

    /**
     * Fetches a file unless it is there already.
     *
     * @param file address, and size and digest where known
     * @param target where it is to stand; its folder is made. A file that stands there is kept if it fits size and
     *     digest and replaced otherwise
     * @param progress hears of bytes, rate, pauses and waiting
     * @return the target
     * @throws InvalidInputException if it cannot be had or is not what was expected
     */
    public Path fetch(RemoteFile file, Path target, Progress progress) {
        if (fits(file, target, Progress.SILENT)) {
            return target;
        }
        Turn.makeFolder(target.toAbsolutePath().getParent());
        try (Turn turn = Turn.take(target, patience.poll(), progress)) {
            if (!fits(file, target, progress)) {
                String name = target.getFileName().toString();
                new Transfer(file, name, new PartFile(target), http, patience, progress).run(retries);
            }
        }
        return target;
    }

    /** Whether another has fetched it already, now or years ago. */
    private static boolean fits(RemoteFile file, Path target, Progress progress) {
        if (!Files.isRegularFile(target)) {
            return false;
        }
        try {
            long size = Files.size(target);
            boolean fits = (file.size().isEmpty() || size == file.size().getAsLong())
                    && (file.digest().isEmpty()
                            || Digest.of(file.digest().get().kind(), target)
                                    .equals(file.digest().get()));
            if (!fits) {
                progress.phase(target + ": is not what is expected; fetched anew");
            }
            return fits;
        } catch (IOException e) {
            throw new InvalidInputException(
                    target + ": cannot be read (" + Words.fault(e) + "). Permit reading or delete it.", e);
        }
    }

    /**
     * Asks what a file is without fetching it.
     *
     * @param file its address
     * @param progress hears of pauses
     * @return the answer's headers; empty if the server does not answer such questions
     * @throws InvalidInputException if the server refuses the file or cannot be reached
     */
    Optional<Reply> headers(RemoteFile file, Progress progress) {
        String from = Words.uri(file.uri());
        return retries.call(from, from, () -> 0, progress, () -> {
            try (Reply reply = http.ask("HEAD", file, Map.of(), Download::describes)) {
                if (reply.status() == 405 || reply.status() == 501) {
                    return Optional.empty();
                }
                if (reply.status() == 200 || describes(reply)) {
                    return Optional.of(reply);
                }
                throw reply.refusal(file, Clock.systemUTC());
            }
        });
    }

    /** Whether a hub's answer tells of the file although it sends elsewhere for the bytes. */
    private static boolean describes(Reply reply) {
        return reply.header("X-Linked-Etag").isPresent();
    }
}
