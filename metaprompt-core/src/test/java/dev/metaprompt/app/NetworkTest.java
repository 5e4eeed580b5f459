package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.metaprompt.io.Network;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real clients in a process of their own, which is told of the network as forked JVMs are. The server's name is known
 * to nobody but the proxy: what arrives has come through it.
 */
@Timeout(300)
class NetworkTest {
    private static final String HOST = "hub.example";
    private static final String LOGIN = "ann:p@ss:word";
    private static final Pattern PROPERTY = Pattern.compile("-D([\\w.]+)=<(\\w+)>");

    @TempDir
    private static Path keys;

    @TempDir
    private Path folder;

    private static HttpsServer tls;
    private static HttpServer plain;
    private static final List<String> ARRIVED = new CopyOnWriteArrayList<>();

    private final List<TestProxy> proxies = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private String hosts = "";

    @BeforeAll
    static void startServers() throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "hub",
                        "-dname",
                        "CN=" + HOST,
                        "-ext",
                        "san=dns:" + HOST,
                        "-keyalg",
                        "EC",
                        "-keystore",
                        keys.resolve("hub.p12").toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys.resolve("hub.p12"))) {
            store.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        tls = HttpsServer.create(any, 0);
        tls.setHttpsConfigurator(new HttpsConfigurator(context));
        plain = HttpServer.create(any, 0);
        for (HttpServer server : List.of(tls, plain)) {
            server.setExecutor(Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
            }));
            server.createContext("/", NetworkTest::answer);
            server.start();
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        ARRIVED.add(
                exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization") + " "
                        + exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
        boolean api = exchange.getRequestURI().getPath().startsWith("/api/");
        byte[] body = (api
                        ? "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"no experiment of MLflow here\"}"
                        : "the file")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(api ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @AfterAll
    static void stopServers() {
        tls.stop(0);
        plain.stop(0);
    }

    @AfterEach
    void stopProxies() throws IOException {
        for (TestProxy proxy : proxies) {
            proxy.close();
        }
    }

    private TestProxy proxy(String login) throws IOException {
        TestProxy proxy =
                new TestProxy(tls.getAddress().getPort(), plain.getAddress().getPort(), login);
        proxies.add(proxy);
        return proxy;
    }

    private static Map<String, String> trust(String... more) {
        Map<String, String> properties = new HashMap<>();
        properties.put("javax.net.ssl.trustStore", keys.resolve("hub.p12").toString());
        properties.put("javax.net.ssl.trustStorePassword", "changeit");
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    private static Network.MavenProxy maven(String protocol, TestProxy proxy, String nonProxyHosts) {
        return new Network.MavenProxy(protocol, "127.0.0.1", proxy.port(), "ann", "p@ss:word", nonProxyHosts);
    }

    private String probe(Network network, String client, String address) throws Exception {
        ARRIVED.clear();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        // Nobody is asked for the names of hosts: some networks have an answer for every name.
                        "-Djdk.net.hosts.file=" + Files.writeString(folder.resolve("hosts"), hosts),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NetworkProbe.class.getName(),
                        client,
                        address,
                        folder.toString())
                .redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy") || name.startsWith("HF_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().write((new Gson().toJson(network) + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return said;
    }

    private String download(Network network) throws Exception {
        return probe(network, "download", "https://" + HOST + "/file");
    }

    private static Network properties(Map<String, String> properties) {
        return new Network(properties, List.of());
    }

    private static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void withoutAProxyNothingArrives() throws Exception {
        assertTrue(download(properties(trust())).contains("the host is unknown"));
    }

    @Test
    void propertiesOfTheJvmLeadDownloadsThroughTheProxy() throws Exception {
        TestProxy proxy = proxy("");
        String said = download(
                properties(trust("https.proxyHost", "127.0.0.1", "https.proxyPort", String.valueOf(proxy.port()))));
        assertTrue(said.contains("got: the file"), said);
        assertEquals("CONNECT " + HOST + ":443 HTTP/1.1", proxy.heard.get(0));
        assertEquals(List.of("/file Bearer the-token null"), ARRIVED);
    }

    @Test
    void theProxyLearnsWhoAsksAndTheServerDoesNot() throws Exception {
        TestProxy proxy = proxy(LOGIN);
        String said = download(new Network(trust(), List.of(maven("https", proxy, null))));
        assertTrue(said.contains("got: the file"), said);
        assertEquals(List.of(basic(LOGIN)), proxy.logins);
        assertEquals(List.of("/file Bearer the-token null"), ARRIVED);
        assertTrue(probe(
                        new Network(Map.of(), List.of(maven("http", proxy, null))),
                        "download",
                        "http://" + HOST + "/file")
                .contains("got: the file"));
        assertEquals(List.of("/file null null"), ARRIVED, "a token in plain");
    }

    @Test
    void propertiesMayNameWhoAsks() throws Exception {
        TestProxy proxy = proxy(LOGIN);
        Map<String, String> properties =
                trust("https.proxyHost", "127.0.0.1", "https.proxyPort", String.valueOf(proxy.port()));
        assertTrue(download(properties(properties)).contains("407"));
        properties.put("https.proxyUser", "ann");
        properties.put("https.proxyPassword", "p@ss:word");
        assertTrue(download(properties(properties)).contains("got: the file"));
        assertEquals(List.of("", basic(LOGIN)), proxy.logins);
        assertEquals(List.of("/file Bearer the-token null"), ARRIVED);
    }

    @Test
    void aProxyForHttpServesHttpsAsMavenHasIt() throws Exception {
        TestProxy proxy = proxy(LOGIN);
        assertTrue(download(new Network(trust(), List.of(maven("http", proxy, null))))
                .contains("got: the file"));
        assertEquals(1, proxy.heard.size());
    }

    @Test
    void propertiesBeatMavensSettingsAndThoseTheEnvironment() throws Exception {
        TestProxy first = proxy("");
        TestProxy second = proxy("");
        TestProxy third = proxy("");
        environment.put("https_proxy", "http://127.0.0.1:" + third.port());
        Network both = new Network(
                trust("https.proxyHost", "127.0.0.1", "https.proxyPort", String.valueOf(first.port())),
                List.of(maven("https", second, null)));
        assertTrue(download(both).contains("got: the file"));
        assertEquals(List.of(1, 0, 0), heard(first, second, third));
        assertTrue(download(new Network(trust(), both.proxies())).contains("got: the file"));
        assertEquals(List.of(1, 1, 0), heard(first, second, third));
        assertTrue(download(properties(trust())).contains("got: the file"));
        assertEquals(List.of(1, 1, 1), heard(first, second, third));
    }

    private static List<Integer> heard(TestProxy... proxies) {
        return List.of(proxies).stream().map(proxy -> proxy.heard.size()).toList();
    }

    @Test
    void hostsThatAreExceptedAreNotAskedForThroughAProxy() throws Exception {
        TestProxy proxy = proxy("");
        String port = String.valueOf(proxy.port());
        List<Network> excepted = List.of(
                properties(trust(
                        "https.proxyHost", "127.0.0.1", "https.proxyPort", port, "http.nonProxyHosts", "*.example")),
                new Network(trust(), List.of(maven("https", proxy, "a.test|*.example"))),
                new Network(trust("http.nonProxyHosts", HOST), List.of(maven("https", proxy, null))));
        for (Network network : excepted) {
            assertTrue(download(network).contains("the host is unknown"), network.toString());
        }
        environment.put("HTTPS_PROXY", "127.0.0.1:" + port);
        for (String noProxy : List.of("example", ".example", HOST, HOST + ":443", "*", "a.test, " + HOST)) {
            environment.put("no_proxy", noProxy);
            assertTrue(download(properties(trust())).contains("the host is unknown"), noProxy);
        }
        assertEquals(List.of(), proxy.heard);
        environment.put("no_proxy", "b.example,ample," + HOST + ":80,10.0.0.0/8");
        assertTrue(download(properties(trust())).contains("got: the file"));
        // This machine is never behind a proxy.
        assertTrue(probe(
                        Network.NONE,
                        "download",
                        "http://127.0.0.1:" + plain.getAddress().getPort() + "/file")
                .contains("got: the file"));
        assertEquals(1, proxy.heard.size());
    }

    @Test
    void mlflowAndTemporalGoThroughTheProxyToo() throws Exception {
        TestProxy proxy = proxy(LOGIN);
        environment.put("https_proxy", "http://ann:p%40ss%3Aword@127.0.0.1:" + proxy.port() + "/");
        String mlflow = probe(properties(trust()), "mlflow", "https://" + HOST);
        assertTrue(mlflow.contains("no experiment of MLflow") || mlflow.contains("none"), mlflow);
        assertTrue(ARRIVED.get(0).contains(" Bearer t null"), ARRIVED.toString());
        assertTrue(proxy.heard.stream().allMatch(line -> line.startsWith("CONNECT " + HOST + ":443")));
        proxy.heard.clear();
        proxy.logins.clear();
        String temporal = probe(Network.NONE, "temporal", "temporal.example:7233");
        assertTrue(temporal.contains("fault: temporal.address is temporal.example:7233"), temporal);
        assertEquals("CONNECT temporal.example:7233 HTTP/1.1", proxy.heard.get(0));
        assertEquals(basic(LOGIN), proxy.logins.get(0));
    }

    /** Nobody here can tell whether the host that a proxy finds is in a private network. */
    @Test
    void credentialsInPlainAreNotSentThroughAProxyToAHostThatItAloneKnows() throws Exception {
        TestProxy proxy = proxy("");
        environment.put("http_proxy", "http://127.0.0.1:" + proxy.port());
        String said = probe(Network.NONE, "mlflow", "http://" + HOST);
        assertTrue(said.contains("on the way to " + HOST + ", which the proxy alone can find"), said);
        assertTrue(said.contains("-Dmetaprompt.tracking.allowPlain=true"), said);
        assertEquals(List.of(), proxy.heard);
        assertEquals(List.of(), ARRIVED);
    }

    @Test
    void aProxyThatDoesNotKnowUsIsNamedAndTheAdviceWorks() throws Exception {
        TestProxy proxy = proxy(LOGIN);
        environment.put("https_proxy", "http://127.0.0.1:" + proxy.port());
        String said = download(properties(trust()));
        assertTrue(said.contains("the server answered 407 (a proxy on the way does not know who asks"), said);
        String mlflow = probe(properties(trust()), "mlflow", "https://" + HOST);
        for (String message : List.of(said, mlflow)) {
            Matcher advice = Pattern.compile("(https_proxy)=(http://<user>:<password>@<host>:<port>)")
                    .matcher(message);
            assertTrue(advice.find(), message);
            environment.put(
                    advice.group(1),
                    advice.group(2)
                            .replace("<user>", "ann")
                            .replace("<password>", "p%40ss:word")
                            .replace("<host>", "127.0.0.1")
                            .replace("<port>", String.valueOf(proxy.port())));
            assertTrue(download(properties(trust())).contains("got: the file"));
        }
        assertFalse(said.contains("p@ss"), said);
    }

    /** What is printed where nothing can be reached, done to the letter. */
    @Test
    void theAdviceOfAFailedDownloadWorks() throws Exception {
        TestProxy proxy = proxy("");
        String said = download(properties(trust()));
        Map<String, String> values = Map.of("host", "127.0.0.1", "port", String.valueOf(proxy.port()));
        Map<String, String> printed = trust();
        Matcher advice = PROPERTY.matcher(said);
        while (advice.find()) {
            printed.put(advice.group(1), values.get(advice.group(2)));
        }
        assertEquals(trust().size() + 2, printed.size(), said);
        assertTrue(download(properties(printed)).contains("got: the file"), said);
        assertTrue(said.contains("settings.xml or https_proxy"), said);
    }

    @Test
    void theAdviceAboutAnUnknownCertificateWorks() throws Exception {
        TestProxy proxy = proxy("");
        environment.put("https_proxy", "http://127.0.0.1:" + proxy.port());
        String said = download(Network.NONE);
        Matcher advice = PROPERTY.matcher(said);
        assertTrue(advice.find(), said);
        assertEquals("file", advice.group(2), said);
        // A store without secrets needs no password.
        Map<String, String> printed = Map.of(advice.group(1), certificates().toString());
        assertTrue(download(properties(printed)).contains("got: the file"), said);
    }

    private static Path certificates() throws Exception {
        KeyStore from = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys.resolve("hub.p12"))) {
            from.load(in, "changeit".toCharArray());
        }
        KeyStore to = KeyStore.getInstance("JKS");
        to.load(null, null);
        to.setCertificateEntry("hub", from.getCertificate("hub"));
        Path file = keys.resolve("certificates.jks");
        try (var out = Files.newOutputStream(file)) {
            to.store(out, "changeit".toCharArray());
        }
        return file;
    }

    /** The process of a cell, two forks below Maven. */
    @Test
    void processesOfCellsKnowTheProxyToo() throws Exception {
        TestProxy proxy = proxy("somebody:else");
        Path data = SmallDataset.write(folder.resolve("data"));
        Network network = new Network(Map.of(), List.of(maven("https", proxy, null)));
        String said = probe(network, "cell", data.toString());
        assertTrue(said.contains("got: INVALID: "), said);
        assertTrue(said.contains("407 (a proxy on the way does not know who asks"), said);
        assertTrue(proxy.heard.get(0).startsWith("CONNECT "), proxy.heard.toString());
        assertEquals(basic(LOGIN), proxy.logins.get(0));
    }

    @Test
    void whatCannotBeUsedIsNamedWithoutItsSecrets() throws Exception {
        environment.put("https_proxy", "socks5://ann:secret@127.0.0.1:1");
        String said = download(new Network(Map.of("socksProxyHost", "127.0.0.1"), List.of()));
        assertTrue(said.contains("warning: the environment variable https_proxy names no proxy"), said);
        assertTrue(said.contains("warning: socksProxyHost is set"), said);
        assertFalse(said.contains("secret"), said);
        Network.MavenProxy socks = new Network.MavenProxy("socks5", "127.0.0.1", 1, "ann", "secret", null);
        String settings = download(new Network(Map.of(), List.of(socks)));
        assertTrue(settings.contains("warning: settings.xml has an active proxy of protocol \"socks5\""), settings);
        assertFalse(new Network(Map.of("https.proxyPassword", "secret"), List.of(socks))
                .toString()
                .contains("secret"));
    }

    /** Names of containers often hold an underscore, of which the JDK's addresses have no host. */
    @Test
    void aProxyMayHaveAnUnderscoreInItsName() throws Exception {
        TestProxy proxy = proxy(LOGIN);
        hosts = "127.0.0.1 my_proxy\n";
        environment.put("https_proxy", "http://ann:p%40ss%3Aword@my_proxy:" + proxy.port());
        String said = download(properties(trust()));
        assertTrue(said.contains("got: the file"), said);
        assertEquals(basic(LOGIN), proxy.logins.get(proxy.logins.size() - 1));
        assertFalse(said.contains("warning: "), said);
    }

    @Test
    void aVariableWithAPortThatIsNoneIsNamed() throws Exception {
        environment.put("https_proxy", "http://ann:secret@127.0.0.1:99999");
        String said = download(properties(trust()));
        assertTrue(said.contains("warning: the environment variable https_proxy names no proxy"), said);
        assertTrue(said.contains("the host is unknown"), said);
        assertFalse(said.contains("secret"), said);
    }

    @ParameterizedTest
    @ValueSource(ints = {99999, 0})
    void settingsWithAPortThatIsNoneAreNamedAndTheVariableCounts(int port) throws Exception {
        TestProxy proxy = proxy("");
        environment.put("https_proxy", "http://127.0.0.1:" + proxy.port());
        Network.MavenProxy other = new Network.MavenProxy("https", "127.0.0.1", port, "ann", "secret", null);
        String said = download(new Network(trust(), List.of(other)));
        assertTrue(said.contains("warning: settings.xml has an active proxy of port " + port), said);
        assertTrue(said.contains("got: the file"), said);
        assertFalse(said.contains("secret"), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999", "-1"})
    void aPropertyWithAPortThatIsNoneIsNamed(String port) throws Exception {
        String said = download(properties(trust("https.proxyHost", "127.0.0.1", "https.proxyPort", port)));
        assertTrue(said.contains("warning: the property https.proxyPort is " + port), said);
        assertTrue(said.contains("the host is unknown"), said);
    }
}
