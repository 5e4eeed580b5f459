package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.crypto.DefaultSettingsDecrypter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sonatype.plexus.components.sec.dispatcher.SecDispatcherException;

/** What Maven knows of the network reaches the core in the child, and no one who looks at the child from outside. */
@Timeout(60)
class NetworkSettingsTest {
    private static final String PASSWORD = "s3cret-pass";
    private static final String STORE_PASSWORD = "s3cret-store";

    @TempDir
    private Path temp;

    private final List<String> warnings = new ArrayList<>();

    private static Properties properties(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return properties;
    }

    private static Proxy proxy(String id, boolean active, String password) {
        Proxy proxy = new Proxy();
        proxy.setId(id);
        proxy.setActive(active);
        proxy.setProtocol("https");
        proxy.setHost("proxy.example");
        proxy.setPort(3128);
        proxy.setUsername("ann");
        proxy.setPassword(password);
        proxy.setNonProxyHosts("*.inside.example");
        return proxy;
    }

    private List<Proxy> active(Proxy... all) {
        return NetworkSettings.active(
                List.of(all),
                new DefaultSettingsDecrypter(text -> {
                    if (text.startsWith("{broken")) {
                        throw new SecDispatcherException("no master password");
                    }
                    return text.startsWith("{") ? PASSWORD : text;
                }),
                warnings::add);
    }

    @Test
    void activeProxiesCountWithTheirPasswordsInPlain() {
        List<Proxy> found = active(proxy("off", false, "x"), proxy("on", true, "{encrypted}"));
        assertEquals(List.of("on"), found.stream().map(Proxy::getId).toList());
        assertEquals(PASSWORD, found.get(0).getPassword());
        assertEquals(List.of(), warnings);
        active(proxy("work", true, "{broken}"));
        assertTrue(warnings.get(0).contains("the password of the proxy \"work\" of settings.xml cannot be decrypted"));
    }

    @Test
    @SuppressWarnings("unchecked")
    void whatIsTypedWinsOverMavensJvmAndTheChildsOwnArgumentsOverBoth() {
        Map<String, String> found = (Map<String, String>) NetworkSettings.gather(
                        properties(
                                "https.proxyHost",
                                "of-maven-opts",
                                "https.proxyPort",
                                "1",
                                "user.home",
                                "/h",
                                "http.nonProxyHosts",
                                "a|b",
                                "javax.net.ssl.keyStore",
                                "k"),
                        properties("https.proxyHost", "typed", "metaprompt.way", "3"),
                        List.of("-Xmx1g", "-Dhttps.proxyPort=2"),
                        List.of())
                .get("properties");
        assertEquals(
                Map.of("https.proxyHost", "typed", "http.nonProxyHosts", "a|b", "javax.net.ssl.keyStore", "k"), found);
    }

    @Test
    void theChildUsesItAndShowsNoSecret() throws Exception {
        WorkFolder folder = WorkFolder.inProject(temp, "try", LocalDateTime.of(2026, 1, 2, 3, 4, 5));
        List<Path> classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        List<String> arguments =
                JavaArguments.list(classPath, "dev.metaprompt.plugin.TestChild", folder, "-Xmx64m", null);
        Map<String, Object> network = NetworkSettings.gather(
                properties("javax.net.ssl.trustStorePassword", STORE_PASSWORD),
                properties("javax.net.ssl.trustStore", "ca.p12", "socksProxyHost", "socks.example"),
                List.of(),
                active(proxy("on", true, "{encrypted}")));
        Map<String, Object> request = Map.of(
                "goal", "network",
                "options", List.of(),
                "baseDirectory", temp.toString(),
                "facts", Map.of(),
                "network", network);
        RecordedEvents events = new RecordedEvents();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ForkedJvm.Launch launch = new ForkedJvm.Launch(java, arguments, Map.of(), temp);
        try (ForkLog log = new ForkLog(folder.log(), line -> {})) {
            new ForkedJvm(folder, log).run(launch, request, events);
        }
        assertEquals(
                List.of(
                        "phase warning: socksProxyHost is set, but SOCKS proxies are not supported: it counts for"
                                + " nothing here",
                        "phase hub.example by proxy.example:3128",
                        "phase of who asks: Basic YW5uOnMzY3JldC1wYXNz",
                        "phase hub.inside.example by DIRECT",
                        "phase trust ca.p12 " + STORE_PASSWORD),
                events.heard.subList(0, 5));
        String shown = events.heard.get(5);
        assertTrue(shown.startsWith("phase shown to others: ") && shown.contains("java"), shown);
        for (String secret : List.of(PASSWORD, STORE_PASSWORD, "YW5uOnMzY3JldC1wYXNz")) {
            assertFalse(shown.contains(secret), shown);
            assertFalse(launch.toString().contains(secret));
            assertFalse(Files.readString(folder.log()).contains(secret));
        }
        assertFalse(Files.exists(folder.request()));
    }
}
