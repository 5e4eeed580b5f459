package dev.metaprompt.experiment.temporal;

import dev.metaprompt.Host;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.RpcRetryOptions;
import io.temporal.serviceclient.SimpleSslContextBuilder;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A connection to a Temporal server. */
public final class TemporalConnection implements AutoCloseable {
    /** A server that is just being restarted is back within this. */
    private static final Duration RESTART = Duration.ofSeconds(5);

    private static final long LARGEST = 8 << 20;

    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;
    private final TemporalOptions options;

    private TemporalConnection(WorkflowServiceStubs stubs, TemporalOptions options) {
        this.stubs = stubs;
        this.options = options;
        this.client = WorkflowClient.newInstance(
                stubs,
                WorkflowClientOptions.newBuilder()
                        .setNamespace(options.namespace())
                        .setIdentity(identity())
                        .build());
    }

    /**
     * Connects; tries for some seconds.
     *
     * @param options where to
     * @return a connection that has been tried
     * @throws InvalidInputException if there is no server, it does not let us in, or it has no such namespace
     */
    public static TemporalConnection open(TemporalOptions options) {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(serviceOptions(options));
        long end = System.nanoTime() + RESTART.toNanos();
        while (true) {
            try {
                tryOut(stubs, options);
                return new TemporalConnection(stubs, options);
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE || System.nanoTime() > end || !sleep()) {
                    stubs.shutdownNow();
                    throw unreachable(options, e);
                }
            }
        }
    }

    private static void tryOut(WorkflowServiceStubs stubs, TemporalOptions options) {
        stubs.blockingStub()
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .describeNamespace(DescribeNamespaceRequest.newBuilder()
                        .setNamespace(options.namespace())
                        .build());
    }

    private static boolean sleep() {
        try {
            Thread.sleep(500);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static InvalidInputException unreachable(TemporalOptions options, StatusRuntimeException e) {
        return new InvalidInputException(
                "temporal.address is " + options.address() + ", namespace " + options.namespace() + ": "
                        + e.getStatus().getCode()
                        + Reasons.of(e)
                        + ". Start a server there, or name another with -Dmetaprompt.temporal.address=<host>:<port>"
                        + " (namespace: temporal.namespace; encryption: temporal.tls; API key: TEMPORAL_API_KEY).",
                e);
    }

    /** Takes a connection that a test has made. */
    static TemporalConnection of(WorkflowServiceStubs stubs, TemporalOptions options) {
        return new TemporalConnection(stubs, options);
    }

    private static WorkflowServiceStubsOptions serviceOptions(TemporalOptions options) {
        WorkflowServiceStubsOptions.Builder builder = WorkflowServiceStubsOptions.newBuilder()
                .setTarget(options.address())
                .setRpcRetryOptions(RpcRetryOptions.newBuilder()
                        .setInitialInterval(Duration.ofMillis(200))
                        .setMaximumInterval(Duration.ofSeconds(2))
                        .setBackoffCoefficient(1.7)
                        .setExpiration(Duration.ofSeconds(10))
                        .build());
        options.apiKey().ifPresent(key -> builder.addApiKey(() -> key));
        if (options.tls()) {
            encrypt(builder, options);
        }
        return builder.build();
    }

    private static void encrypt(WorkflowServiceStubsOptions.Builder builder, TemporalOptions options) {
        if (options.ca().isEmpty() && options.certificate().isEmpty()) {
            builder.setEnableHttps(true);
            return;
        }
        try (InputStream certificate = open(options.certificate());
                InputStream key = open(options.key());
                InputStream ca = open(options.ca())) {
            SimpleSslContextBuilder context = certificate == null
                    ? SimpleSslContextBuilder.noKeyOrCertChain()
                    : SimpleSslContextBuilder.forPKCS8(certificate, key);
            if (ca != null) {
                context.setTrustManager(Certificates.trust(ca));
            }
            builder.setSslContext(context.build());
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidInputException(
                    "temporal.tls: " + options.certificate().or(options::ca).orElseThrow()
                            + " or what belongs to it cannot be used (" + Quoted.reason(e)
                            + "). Give PEM files: temporal.tls.certificate with temporal.tls.key (PKCS 8), temporal.tls.ca.",
                    e);
        }
    }

    private static InputStream open(Optional<Path> file) throws IOException {
        // Java's reader of certificates passes over the first of them if a byte order mark stands before it.
        return file.isPresent()
                ? new ByteArrayInputStream(
                        UserText.narrow(file.get(), PlainFiles.bytesBehindLinks(file.get(), LARGEST)))
                : null;
    }

    private static String identity() {
        return ProcessHandle.current().pid() + "@" + Host.name();
    }

    WorkflowClient client() {
        return client;
    }

    WorkflowServiceStubs stubs() {
        return stubs;
    }

    TemporalOptions options() {
        return options;
    }

    @Override
    public void close() {
        stubs.shutdownNow();
        stubs.awaitTermination(5, TimeUnit.SECONDS);
    }
}
