package dev.metaprompt.io;

import java.net.Authenticator;
import java.net.ProxySelector;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The user's way to the network: what Maven was told of proxies and certificates, and every process that works for it
 * must know. It holds passwords, so it travels in private files and pipes, never in arguments.
 *
 * @param properties the JVM's properties of the network, for example {@code https.proxyHost} and {@code
 *     javax.net.ssl.trustStore}
 * @param proxies the active ones of Maven's {@code settings.xml}, in their order
 */
public record Network(Map<String, String> properties, List<MavenProxy> proxies) {
    /** Says nothing: the environment alone counts. */
    public static final Network NONE = new Network(Map.of(), List.of());

    /** What to do where a proxy turns a request away. */
    public static final String LOGIN_ADVICE = "give its user and password in Maven's settings.xml, or in the address:"
            + " https_proxy=http://<user>:<password>@<host>:<port>";

    private static final String TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

    /** Takes what is missing for empty. */
    public Network {
        properties = properties == null ? Map.of() : Map.copyOf(properties);
        proxies = proxies == null ? List.of() : List.copyOf(proxies);
    }

    /**
     * A proxy of {@code settings.xml}.
     *
     * @param protocol of what is fetched through it: {@code http} or {@code https}; others are not supported
     * @param host its name
     * @param port its port
     * @param user whom it knows; may be null
     * @param password in plain; may be null
     * @param nonProxyHosts hosts that are reached without it, with {@code |} between them; may be null
     */
    public record MavenProxy(
            String protocol, String host, int port, String user, String password, String nonProxyHosts) {
        /** Refuses a proxy without a host. */
        public MavenProxy {
            Objects.requireNonNull(protocol, "protocol");
            Objects.requireNonNull(host, "host");
        }

        boolean isFor(String scheme) {
            return protocol.equalsIgnoreCase(scheme);
        }

        boolean isUsable() {
            return (isFor("http") || isFor("https")) && ProxyServer.isPort(port);
        }

        String warning() {
            boolean ofPort = isFor("http") || isFor("https");
            return "settings.xml has an active proxy of "
                    + (ofPort ? "port " + port : "protocol \"" + Quoted.of(protocol) + "\"")
                    + ", which is not supported: it counts for nothing here; allowed: "
                    + (ofPort ? "1 to 65535" : "http, https");
        }

        ProxyServer server() {
            return new ProxyServer(host, port, user, password);
        }

        /** Without user and password. */
        @Override
        public String toString() {
            return protocol + " proxy " + host + ":" + port;
        }
    }

    /**
     * Has this process use it, before its first connection: every client here asks the JDK's standard places.
     *
     * @param environment variables
     * @return sentences about what was said and cannot be used; without secrets
     */
    public List<String> apply(Map<String, String> environment) {
        properties.forEach(System::setProperty);
        EnvironmentProxies variables = new EnvironmentProxies(environment);
        ProxyChoice choice = new ProxyChoice(
                jvmSelector(), proxies.stream().filter(MavenProxy::isUsable).toList(), variables);
        if (choice.hasLogins() && System.getProperty(TUNNELS) == null) {
            // The JDK would keep user and password from proxies that lead to https addresses.
            System.setProperty(TUNNELS, "");
        }
        ProxySelector.setDefault(choice);
        Authenticator.setDefault(choice.authenticator());
        return warnings(variables);
    }

    private static ProxySelector jvmSelector() {
        ProxySelector selector = ProxySelector.getDefault();
        if (selector instanceof ProxyChoice earlier) {
            return earlier.jvm();
        }
        return selector == null ? ProxySelector.of(null) : selector;
    }

    private List<String> warnings(EnvironmentProxies variables) {
        List<String> warnings = new ArrayList<>();
        if (!System.getProperty("socksProxyHost", "").isBlank()) {
            warnings.add("socksProxyHost is set, but SOCKS proxies are not supported: it counts for nothing here");
        }
        List.of("https", "http").stream()
                .filter(scheme -> !ProxyChoice.hasPort(scheme))
                .forEach(scheme -> warnings.add("the property " + scheme + ".proxyPort is "
                        + Quoted.of(System.getProperty(scheme + ".proxyPort")) + ", which is no port: " + scheme
                        + ".proxyHost counts for nothing here; allowed: 1 to 65535"));
        proxies.stream().filter(proxy -> !proxy.isUsable()).forEach(proxy -> warnings.add(proxy.warning()));
        if (proxies.stream().noneMatch(MavenProxy::isUsable)) {
            warnings.addAll(variables.warnings());
        }
        return warnings;
    }

    /**
     * Returns what the proxy on the way to an address is to be told of who asks.
     *
     * @param uri the address
     * @return the value of the header {@code Proxy-Authorization}; nothing if there is no proxy, or it wants nothing
     */
    public static Optional<String> proxyAuthorization(URI uri) {
        return ProxySelector.getDefault() instanceof ProxyChoice choice
                ? choice.server(uri).flatMap(ProxyServer::authorization)
                : Optional.empty();
    }

    /** Names alone: values may be passwords. */
    @Override
    public String toString() {
        return new TreeSet<>(properties.keySet()) + " " + proxies;
    }
}
