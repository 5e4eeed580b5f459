package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.run.RunDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and addresses that want a user's credentials. */
@Timeout(120)
class CredentialsTest {
    private static final Map<String, String> TOKEN = Map.of("MLFLOW_TRACKING_TOKEN", "s3cret-t0ken");
    private static final String USER = "me@work";
    private static final String PASSWORD = "pä ss:\"w<&>/'+%\\=1";
    private static final Map<String, String> PAIR =
            Map.of("MLFLOW_TRACKING_USERNAME", USER, "MLFLOW_TRACKING_PASSWORD", PASSWORD);

    @TempDir
    private Path folder;

    private FakeMlflow server;
    private FakeMlflow thief;

    @BeforeEach
    void start() throws IOException {
        server = new FakeMlflow();
        thief = new FakeMlflow();
        server.elsewhere = thief.uri();
    }

    @AfterEach
    void stop() {
        server.close();
        thief.close();
    }

    private static RunSync.Summary sync(TrackingServer to, RunDirectory run) {
        return new RunSync(to, Optional.empty()).run(List.of(run), Progress.SILENT, () -> false);
    }

    private static String refusal(TrackingServer to, RunDirectory run) {
        String message =
                assertThrows(InvalidInputException.class, () -> sync(to, run)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    /** The server sends on each call in turn, that for a file too. */
    @Test
    void noCallFollowsARedirect() throws IOException {
        TrackingServer secured = TrackingServer.of(server.uri(), "test", TOKEN);
        boolean sentOn = true;
        int call = 0;
        for (; sentOn; call++) {
            RunDirectory run = MirroredRuns.finished(Files.createDirectories(folder.resolve("at" + call)), 1);
            server.runs.clear();
            server.failAfter(call, FakeMlflow.Fault.REDIRECT);
            try {
                sync(secured, run);
                sentOn = false;
            } catch (InvalidInputException e) {
                assertEquals(List.of(), thief.authorizations);
                assertTrue(e.getMessage().contains("sends on to " + thief.uri()), e.getMessage());
                assertTrue(e.getMessage().contains("tracking.uri"), e.getMessage());
            }
            server.heal();
        }
        assertTrue(call > 10, "only " + call + " calls were tried");
        assertEquals(List.of(), thief.authorizations);
        assertTrue(server.authorizations.stream().allMatch("Bearer s3cret-t0ken"::equals));
    }

    @Test
    void noFileIsFetchedFromElsewhere() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        TrackingServer secured = TrackingServer.of(server.uri(), "test", TOKEN);
        sync(secured, run);
        // Experiment and the two searches are answered well.
        server.failAfter(3, FakeMlflow.Fault.REDIRECT);
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> BaselineRuns.fetch(secured, "metaprompt/textures", folder.resolve("baseline")))
                .getMessage();
        assertTrue(message.contains("307") || message.contains("302"), message);
        assertEquals(List.of(), thief.calls);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://203.0.113.7:5000",
                "http://8.8.8.8",
                "HTTP://172.32.0.1/mlflow",
                "http://100.64.0.1",
                "http://[2001:db8::1]:5000",
                "http://[::ffff:8.8.8.8]:5000",
                "http://134744072"
            })
    void inPlainNothingSecretGoesToAPublicHost(String address) {
        for (Map<String, String> environment : List.of(TOKEN, PAIR)) {
            String message = assertThrows(
                            InvalidInputException.class, () -> TrackingServer.of(address, "-Dx", environment))
                    .getMessage();
            assertTrue(message.contains("(-Dx) is http://"), message);
            assertTrue(message.contains("-Dmetaprompt.tracking.allowPlain=true"), message);
            assertTrue(message.contains(environment == TOKEN ? "MLFLOW_TRACKING_TOKEN" : "_PASSWORD"), message);
            assertFalse(message.contains("s3cret") || message.contains(PASSWORD), message);
        }
        Map<String, String> variables = Map.of("MLFLOW_TRACKING_URI", address, "MLFLOW_TRACKING_TOKEN", "s3cret");
        String message = assertThrows(InvalidInputException.class, () -> TrackingServer.of(variables))
                .getMessage();
        assertTrue(message.startsWith("MLFLOW_TRACKING_URI is http://"), message);
        assertTrue(TrackingServer.of(variables, true).isPresent());
        TrackingServer.of(address, "-Dx", Map.of());
        TrackingServer.of(address.replaceFirst("(?i)http:", "https:"), "-Dx", TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:5000",
                "http://localhost",
                "http://[::1]:5000",
                "http://10.1.2.3",
                "http://172.16.0.1",
                "http://172.31.255.255",
                "http://192.168.1.1",
                "http://169.254.1.1",
                "http://[fe80::1]",
                "http://[fd12:3456::1]:5000"
            })
    void inPrivateNetworksPlainWillDo(String address) {
        assertEquals(
                Optional.of("Bearer s3cret-t0ken"),
                TrackingServer.of(address, "-Dx", TOKEN).authorization());
    }

    /** A name counts for nothing, be it {@code localhost}; and one public address among several is enough. */
    @Test
    void addressesCountAndNotNames() throws IOException {
        PrivateWay.Names lying =
                host -> new InetAddress[] {InetAddress.getByName("127.0.0.1"), InetAddress.getByName("203.0.113.7")};
        String address = server.uri().replace("127.0.0.1", "localhost");
        String message = assertThrows(
                        InvalidInputException.class, () -> TrackingServer.of(address, "-Dx", TOKEN, false, lying))
                .getMessage();
        assertTrue(message.contains("localhost, which is 203.0.113.7"), message);
        TrackingServer.of(address, "-Dx", TOKEN, true, lying);
        PrivateWay.Names container = host -> new InetAddress[] {InetAddress.getByName("172.18.0.4")};
        TrackingServer.of("http://mlflow:5000", "-Dx", TOKEN, false, container);
    }

    /** The host moves after the start. */
    @Test
    void eachRequestLooksAgain() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        InetAddress[] now = {null};
        PrivateWay.Names moving = host -> {
            if (now[0] == null) {
                throw new UnknownHostException(host);
            }
            return new InetAddress[] {now[0]};
        };
        String address = server.uri().replace("127.0.0.1", "localhost");
        TrackingServer moved = TrackingServer.of(address, "-Dx", TOKEN, false, moving);
        assertTrue(refusal(moved, run).contains("the host is unknown"));
        now[0] = InetAddress.getByName("203.0.113.7");
        assertTrue(refusal(moved, run).contains("tracking.allowPlain"));
        assertEquals(List.of(), server.calls);
        now[0] = InetAddress.getByName("127.0.0.1");
        assertEquals(1, sync(moved, run).sent());
    }

    static Stream<Arguments> echoes() {
        String pair = USER + ":" + PASSWORD;
        String encoded = URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8);
        String base64 = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return Stream.of(
                Arguments.of("the header", base64),
                Arguments.of("without padding", base64.replace("=", "")),
                Arguments.of("base64 in an address", base64.replace("+", "%2B").replace("=", "%3d")),
                Arguments.of("the pair", pair),
                Arguments.of("the password", PASSWORD),
                Arguments.of("a query", encoded),
                Arguments.of("a query in lower case", encoded.toLowerCase(Locale.ROOT)),
                Arguments.of("a path", encoded.replace("+", "%20")),
                Arguments.of("half encoded", PASSWORD.replace(" ", "%20").replace("<", "%3C")),
                Arguments.of("JSON", PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"")),
                Arguments.of("JSON in ASCII", "p\\u00e4 ss:\\\"w\\u003c\\u0026\\u003e/'+%\\\\=1"),
                Arguments.of("HTML", "pä ss:&quot;w&lt;&amp;&gt;/&#39;+%\\=1"),
                Arguments.of("HTML in hexadecimal", "p&#xE4; ss:&#x22;w&#x3C;&amp;&gt;/&#x27;+%\\=1"),
                Arguments.of("an address", "http://" + USER.replace("@", "%40") + ":" + encoded + "@host/"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("echoes")
    void aServerThatSendsThemBackIsNotQuoted(String way, String text) throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        server.echo = header -> text;
        server.fail(FakeMlflow.Fault.UNAUTHORIZED);
        String message = refusal(TrackingServer.of(server.uri(), "test", PAIR), run);
        assertTrue(message.contains("(who are you, "), message);
        assertTrue(message.contains("…"), message);
        assertFalse(message.contains(text), message);
        assertFalse(message.contains("ss:"), message);
    }

    @Test
    void theWholeHeaderIsNotQuoted() throws IOException {
        RunDirectory run = MirroredRuns.finished(folder, 1);
        server.echo = UnaryOperator.identity();
        server.fail(FakeMlflow.Fault.UNAUTHORIZED);
        String header =
                "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        String message = refusal(TrackingServer.of(server.uri(), "test", PAIR), run);
        assertTrue(message.contains("Basic …"), message);
        assertEquals(header, server.authorizations.get(0));
        assertFalse(message.contains(header.substring(6, 20)), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://me:pa@55word@host:5000",
                "http://me:pa/55word@host:5000",
                "me:55word@host",
                "ftp://me:55word@host",
                "http://host name/?token=55word"
            })
    void anAddressIsShownWithoutWhatMayBeSecret(String address) {
        String message = assertThrows(InvalidInputException.class, () -> TrackingServer.of(address, "-Dx", Map.of()))
                .getMessage();
        assertFalse(message.contains("55word"), message);
    }
}
