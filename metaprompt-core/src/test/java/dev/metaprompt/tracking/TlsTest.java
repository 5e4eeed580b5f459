package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.run.RunDirectory;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server over TLS whose certificate a CA of our own has signed; calls and files go the same way. */
@Timeout(300)
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path keys;

    @TempDir
    private Path folder;

    private FakeMlflow server;

    @BeforeAll
    static void makeKeys() throws Exception {
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-ext", "bc:c", "-keystore", "ca.p12");
        keytool("-exportcert", "-rfc", "-alias", "ca", "-file", "ca.pem", "-keystore", "ca.p12");
        signed("server", "san=ip:127.0.0.1");
        signed("other", "san=dns:elsewhere.example");
        signed("client", "eku=clientAuth");
        Files.writeString(keys.resolve("client.pem"), clientPem());
    }

    private static void signed(String name, String extension) throws Exception {
        String store = name + ".p12";
        keytool("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keystore", store);
        keytool("-certreq", "-alias", name, "-file", name + ".req", "-keystore", store);
        keytool(
                "-gencert",
                "-alias",
                "ca",
                "-rfc",
                "-ext",
                extension,
                "-infile",
                name + ".req",
                "-outfile",
                name + ".crt",
                "-keystore",
                "ca.p12");
        keytool("-importcert", "-noprompt", "-alias", "ca", "-file", "ca.pem", "-keystore", store);
        keytool("-importcert", "-noprompt", "-alias", name, "-file", name + ".crt", "-keystore", store);
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("-storepass", "changeit"));
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "RSA", "-keysize", "2048", "-validity", "30"));
        }
        Process process = new ProcessBuilder(command)
                .directory(keys.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), said);
    }

    private static KeyStore store(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys.resolve(name))) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static String clientPem() throws Exception {
        byte[] key = store("client.p12").getKey("client", PASSWORD).getEncoded();
        return "any words before\n" + Files.readString(keys.resolve("client.crt")) + "\n" + pem("PRIVATE KEY", key);
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }

    private void start(String name, boolean needsClient) throws Exception {
        KeyManagerFactory mine = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = store(name + ".p12");
        mine.init(store, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(mine.getKeyManagers(), trusted.getTrustManagers(), null);
        server = new FakeMlflow(Optional.of(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ours = getSSLContext().getDefaultSSLParameters();
                ours.setNeedClientAuth(needsClient);
                parameters.setSSLParameters(ours);
            }
        }));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private RunSync.Summary sync(Map<String, String> environment) throws Exception {
        RunDirectory run = MirroredRuns.finished(Files.createTempDirectory(folder, "runs"), 1);
        TrackingServer to = TrackingServer.of(server.uri(), "test", environment);
        return new RunSync(to, Optional.empty()).run(List.of(run), Progress.SILENT, () -> false);
    }

    private String refusal(Map<String, String> environment) {
        String message = assertThrows(InvalidInputException.class, () -> sync(environment))
                .getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private static Map<String, String> authority() {
        return Map.of("MLFLOW_TRACKING_SERVER_CERT_PATH", keys.resolve("ca.pem").toString());
    }

    private void assertFilesArrive(Map<String, String> environment) throws Exception {
        assertEquals(new RunSync.Summary(1, 0, List.of(), 0), sync(environment));
        assertEquals(4, server.uploads().size(), server.calls.toString());
    }

    @Test
    void anAuthorityOfOnesOwnCountsForCallsAndFiles() throws Exception {
        start("server", false);
        String message = refusal(Map.of());
        assertTrue(message.contains("MLFLOW_TRACKING_SERVER_CERT_PATH"), message);
        assertEquals(List.of(), server.calls);
        assertFilesArrive(authority());
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "1", "True"})
    void withoutChecksCallsAndFilesGoThrough(String value) throws Exception {
        // A name that is another, too.
        start("other", false);
        assertFilesArrive(Map.of("MLFLOW_TRACKING_INSECURE_TLS", value));
    }

    @Test
    void theServersNameIsChecked() throws Exception {
        start("other", false);
        refusal(authority());
        assertEquals(List.of(), server.calls);
    }

    @Test
    void aServerThatWantsACertificateGetsIt() throws Exception {
        start("server", true);
        refusal(authority());
        assertEquals(List.of(), server.calls);
        assertFilesArrive(Map.of(
                "MLFLOW_TRACKING_SERVER_CERT_PATH",
                keys.resolve("ca.pem").toString(),
                "MLFLOW_TRACKING_CLIENT_CERT_PATH",
                keys.resolve("client.pem").toString()));
    }

    /** OpenSSL's older form of an RSA key: PKCS#8 without its head. */
    @Test
    void anOlderFormOfTheKeyWillDo() throws Exception {
        start("server", true);
        byte[] pkcs8 = store("client.p12").getKey("client", PASSWORD).getEncoded();
        String older = pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
        Path file =
                Files.writeString(folder.resolve("older.pem"), older + Files.readString(keys.resolve("client.crt")));
        assertFilesArrive(Map.of(
                "MLFLOW_TRACKING_SERVER_CERT_PATH",
                keys.resolve("ca.pem").toString(),
                "MLFLOW_TRACKING_CLIENT_CERT_PATH",
                file.toString()));
    }

    @Test
    void whatCannotBeUsedIsRefusedByNameBeforeAnythingIsSent() throws Exception {
        start("server", false);
        Path text = Files.writeString(folder.resolve("secret.txt"), "my secret");
        for (String path : List.of(text.toString(), folder.toString(), "no\0file", "/nowhere/ca.pem")) {
            for (String variable : List.of("MLFLOW_TRACKING_SERVER_CERT_PATH", "MLFLOW_TRACKING_CLIENT_CERT_PATH")) {
                String message = refusal(Map.of(variable, path));
                assertTrue(message.startsWith(variable + " is "), message);
                assertFalse(message.contains("my secret"), message);
            }
        }
        Files.write(text, Files.readString(keys.resolve("ca.pem")).getBytes(StandardCharsets.UTF_16LE));
        assertEquals(
                "file " + text + " is UTF-16 text; allowed is UTF-8 text: save it as UTF-8.",
                refusal(Map.of("MLFLOW_TRACKING_SERVER_CERT_PATH", text.toString())));
        String message = refusal(Map.of(
                "MLFLOW_TRACKING_CLIENT_CERT_PATH", keys.resolve("ca.pem").toString()));
        assertTrue(message.contains("PKCS#8"), message);
        assertTrue(refusal(Map.of("MLFLOW_TRACKING_INSECURE_TLS", "maybe")).contains("neither true nor false"));
        assertTrue(refusal(Map.of("MLFLOW_TRACKING_INSECURE_TLS", "true", "MLFLOW_TRACKING_SERVER_CERT_PATH", "ca.pem"))
                .contains("Unset one"));
        assertEquals(List.of(), server.calls);
    }

    @Test
    void variablesThatChangeNothingHereAreNamed() throws Exception {
        start("server", false);
        List<String> told = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void phase(String text) {
                told.add(text);
            }

            @Override
            public void update(String what, long done, long total, String detail) {}
        };
        Map<String, String> environment = Map.of(
                "MLFLOW_TRACKING_SERVER_CERT_PATH",
                keys.resolve("ca.pem").toString(),
                "MLFLOW_TRACKING_AWS_SIGV4",
                "true",
                "MLFLOW_TRACKING_AUTH",
                "arn-auth",
                "MLFLOW_EXPERIMENT_NAME",
                "mine",
                "REQUESTS_CA_BUNDLE",
                "ca.pem",
                "MLFLOW_TRACKING_TOKEN",
                "t");
        TrackingServer to = TrackingServer.of(server.uri(), "test", environment);
        new RunSync(to, Optional.empty()).run(List.of(), progress, () -> false);
        assertEquals(
                List.of("warning: MLFLOW_EXPERIMENT_NAME, MLFLOW_TRACKING_AUTH, MLFLOW_TRACKING_AWS_SIGV4,"
                        + " REQUESTS_CA_BUNDLE are set, but not supported here"),
                told);
    }
}
