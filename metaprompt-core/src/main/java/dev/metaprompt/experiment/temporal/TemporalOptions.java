package dev.metaprompt.experiment.temporal;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a Temporal server is reached, and how patient one is with workers.
 *
 * @param address {@code host:port}
 * @param namespace Temporal's namespace
 * @param taskQueue prefix of the task queues; cells go to it with {@code -cpu} or {@code -gpu} behind
 * @param heartbeatSeconds without a sign of life after which a cell goes to another worker
 * @param tls whether the connection is encrypted
 * @param ca certificates to trust, PEM; the system's if absent
 * @param certificate the client's certificate chain, PEM
 * @param key the client's private key, PEM in PKCS 8
 * @param apiKey sent with every call; shown nowhere
 */
public record TemporalOptions(
        String address,
        String namespace,
        String taskQueue,
        int heartbeatSeconds,
        boolean tls,
        Optional<Path> ca,
        Optional<Path> certificate,
        Optional<Path> key,
        Optional<String> apiKey) {
    /** Refuses missing parts. */
    public TemporalOptions {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(taskQueue, "taskQueue");
    }

    /** Returns the task queue of machines of a kind. */
    String queue(String kind) {
        return taskQueue + "-" + kind;
    }

    /** Leaves the API key out. */
    @Override
    public String toString() {
        return "Temporal at " + address + ", namespace " + namespace + ", task queue " + taskQueue;
    }
}
