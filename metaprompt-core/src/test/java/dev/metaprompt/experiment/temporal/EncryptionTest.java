package dev.metaprompt.experiment.temporal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.stub.StreamObserver;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and the API key, with a server that asks for both. */
class EncryptionTest {
    private static final String PASSWORD = "password";
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    @TempDir
    private Path folder;

    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        certificate("server");
        certificate("client");
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(GrpcSslContexts.forServer(
                                pem("server.crt").toFile(), pem("server.key").toFile())
                        .trustManager(pem("client.crt").toFile())
                        .clientAuth(ClientAuth.REQUIRE)
                        .build())
                .addService(new WorkflowServiceGrpc.WorkflowServiceImplBase() {
                    @Override
                    public void getSystemInfo(
                            GetSystemInfoRequest request, StreamObserver<GetSystemInfoResponse> answer) {
                        answer.onNext(GetSystemInfoResponse.getDefaultInstance());
                        answer.onCompleted();
                    }

                    @Override
                    public void describeNamespace(
                            DescribeNamespaceRequest request, StreamObserver<DescribeNamespaceResponse> answer) {
                        answer.onNext(DescribeNamespaceResponse.getDefaultInstance());
                        answer.onCompleted();
                    }
                })
                .intercept(new Listener())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    private final class Listener implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            authorizations.add(String.valueOf(headers.get(AUTHORIZATION)));
            return next.startCall(call, headers);
        }
    }

    private Path pem(String name) {
        return folder.resolve(name);
    }

    /** Makes a key and a certificate for it that it has signed itself. */
    private void certificate(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertEquals(0, keytool.waitFor(), said);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        write(pem(name + ".crt"), "CERTIFICATE", keys.getCertificate(name).getEncoded());
        write(
                pem(name + ".key"),
                "PRIVATE KEY",
                keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
    }

    private static void write(Path file, String what, byte[] content) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + what + "-----\n");
    }

    private TemporalOptions options(String ca, Optional<String> client) {
        return new TemporalOptions(
                "127.0.0.1:" + server.getPort(),
                "default",
                "metaprompt",
                30,
                true,
                Optional.of(pem(ca)),
                client.map(name -> pem(name + ".crt")),
                client.map(name -> pem(name + ".key")),
                Optional.of("secret-key"));
    }

    @Test
    void aServerThatAsksForACertificateAndAKeyIsReached() {
        TemporalConnection.open(options("server.crt", Optional.of("client"))).close();
        assertFalse(authorizations.isEmpty());
        authorizations.forEach(authorization -> assertEquals("Bearer secret-key", authorization));
    }

    /** An editor of Windows puts it there; Java's own reader would pass over the certificate behind it. */
    @Test
    void aByteOrderMarkBeforeTheCertificatesIsPassedOver() throws IOException {
        for (String name : List.of("server.crt", "client.crt", "client.key")) {
            Files.writeString(pem(name), "\ufeff" + Files.readString(pem(name)).replace("\n", "\r\n"));
        }
        TemporalConnection.open(options("server.crt", Optional.of("client"))).close();
        assertFalse(authorizations.isEmpty());
        Files.write(pem("server.crt"), Files.readString(pem("server.crt")).getBytes(StandardCharsets.UTF_16LE));
        InvalidInputException e = assertThrows(
                InvalidInputException.class,
                () -> TemporalConnection.open(options("server.crt", Optional.of("client"))));
        assertEquals(
                "file " + pem("server.crt") + " is UTF-16 text; allowed is UTF-8 text: save it as UTF-8.",
                e.getMessage());
    }

    @Test
    void aServerWithAnotherCertificateIsNotTrusted() {
        refused(options("client.crt", Optional.of("client")));
    }

    @Test
    void whoeverHasNoCertificateIsNotLetIn() {
        refused(options("server.crt", Optional.empty()));
    }

    private void refused(TemporalOptions options) {
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> TemporalConnection.open(options));
        assertTrue(e.getMessage().startsWith("temporal.address is " + options.address()), e.getMessage());
        assertFalse(e.getMessage().contains("secret-key"), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        assertTrue(authorizations.isEmpty(), "the key was sent");
    }

    @Test
    void aFileThatIsNoKeyIsNamed() throws IOException {
        Files.writeString(pem("client.key"), "nothing");
        InvalidInputException e = assertThrows(
                InvalidInputException.class,
                () -> TemporalConnection.open(options("server.crt", Optional.of("client"))));
        assertTrue(e.getMessage().contains("temporal.tls.key (PKCS 8)"), e.getMessage());
    }
}
