package dev.metaprompt.plugin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;

/**
 * What Maven was told of the way to the network, for the child: proxies, certificates, protocols. Some of it is secret,
 * so it goes with the request, which nobody else can read, and never among arguments.
 */
final class NetworkSettings {
    /** Beginnings of the names of the JVM's properties of the network; the environment reaches the child by itself. */
    private static final List<String> PREFIXES = List.of(
            "http.",
            "https.",
            "socksProxy",
            "socksNonProxyHosts",
            "java.net.",
            "javax.net.ssl.",
            "jdk.http.auth.",
            "jdk.httpclient.",
            "jdk.tls.");

    private NetworkSettings() {}

    /**
     * Gathers it.
     *
     * @param system properties of Maven's JVM: {@code MAVEN_OPTS}, {@code .mvn/jvm.config}
     * @param user what was typed with {@code -D}, which wins
     * @param jvmArgs the user's own arguments of the child, which win over both by being left out here
     * @param proxies the active ones of {@code settings.xml}, in plain
     * @return what the core reads as {@code network} of the request
     */
    static Map<String, Object> gather(Properties system, Properties user, List<String> jvmArgs, List<Proxy> proxies) {
        Map<String, String> properties = new TreeMap<>();
        for (Properties source : List.of(system, user)) {
            source.stringPropertyNames().stream()
                    .filter(name -> PREFIXES.stream().anyMatch(name::startsWith))
                    .forEach(name -> properties.put(name, source.getProperty(name)));
        }
        properties.keySet().removeAll(named(jvmArgs));
        List<Map<String, Object>> active = new ArrayList<>();
        proxies.stream()
                .filter(proxy -> proxy.getHost() != null && !proxy.getHost().isBlank())
                .forEach(proxy -> active.add(entry(proxy)));
        return Map.of("properties", properties, "proxies", active);
    }

    private static Set<String> named(List<String> jvmArgs) {
        return jvmArgs.stream()
                .filter(argument -> argument.startsWith("-D"))
                .map(argument -> argument.substring(2).replaceFirst("(?s)=.*", ""))
                .collect(Collectors.toSet());
    }

    private static Map<String, Object> entry(Proxy proxy) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("protocol", proxy.getProtocol());
        entry.put("host", proxy.getHost().strip());
        entry.put("port", proxy.getPort());
        entry.put("user", proxy.getUsername());
        entry.put("password", proxy.getPassword());
        entry.put("nonProxyHosts", proxy.getNonProxyHosts());
        return entry;
    }

    /**
     * Returns the proxies that count, in plain.
     *
     * @param all of {@code settings.xml}, passwords perhaps encrypted with {@code mvn --encrypt-password}
     * @param decrypter Maven's
     * @param warn told of a password that stays encrypted
     */
    static List<Proxy> active(List<Proxy> all, SettingsDecrypter decrypter, Consumer<String> warn) {
        List<Proxy> active = new ArrayList<>();
        for (Proxy proxy : all) {
            if (proxy.isActive()) {
                SettingsDecryptionResult result = decrypter.decrypt(new DefaultSettingsDecryptionRequest(proxy));
                if (!result.getProblems().isEmpty()) {
                    warn.accept("the password of the proxy \"" + proxy.getId() + "\" of settings.xml cannot be"
                            + " decrypted: " + result.getProblems().get(0).getMessage());
                }
                active.add(result.getProxy() == null ? proxy : result.getProxy());
            }
        }
        return active;
    }
}
