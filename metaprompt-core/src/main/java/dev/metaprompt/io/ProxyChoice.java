package dev.metaprompt.io;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Chooses the proxy for an address: what the JVM's properties say wins over Maven's {@code settings.xml}, and that over
 * the environment. This machine is reached without one; {@code http.nonProxyHosts} names more such hosts for all.
 */
final class ProxyChoice extends ProxySelector {
    private static final String EXCEPTIONS = "http.nonProxyHosts";
    private static final String PORT = ".proxyPort";

    private final ProxySelector jvm;
    private final List<Network.MavenProxy> maven;
    private final EnvironmentProxies environment;

    /**
     * Creates it.
     *
     * @param jvm the JDK's own, which reads the properties at each call
     */
    ProxyChoice(ProxySelector jvm, List<Network.MavenProxy> maven, EnvironmentProxies environment) {
        this.jvm = jvm;
        this.maven = List.copyOf(maven);
        this.environment = environment;
    }

    ProxySelector jvm() {
        return jvm;
    }

    @Override
    public List<Proxy> select(URI uri) {
        String scheme = scheme(uri);
        if (uri.getHost() == null || ofProperties(scheme)) {
            return jvm.select(uri);
        }
        return server(uri).map(ProxyChoice::proxy).map(List::of).orElse(List.of(Proxy.NO_PROXY));
    }

    private static Proxy proxy(ProxyServer server) {
        return new Proxy(Proxy.Type.HTTP, server.address());
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException fault) {
        jvm.connectFailed(uri, address, fault);
    }

    /** Returns the proxy on the way to an address. */
    Optional<ProxyServer> server(URI uri) {
        String scheme = scheme(uri);
        if (uri.getHost() == null) {
            return Optional.empty();
        }
        if (ofProperties(scheme)) {
            return jvm.select(uri).stream()
                    .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
                    .findFirst()
                    .map(proxy -> ofProperties(scheme, (InetSocketAddress) proxy.address()));
        }
        if (HostPatterns.isLoopback(uri.getHost())
                || HostPatterns.matchesJava(System.getProperty(EXCEPTIONS), uri.getHost())) {
            return Optional.empty();
        }
        List<Network.MavenProxy> candidates = ofMaven(scheme);
        return candidates.isEmpty()
                ? environment.of(scheme, uri.getHost(), port(uri, scheme))
                : candidates.stream()
                        .filter(proxy -> !HostPatterns.matchesJava(proxy.nonProxyHosts(), uri.getHost()))
                        .findFirst()
                        .map(Network.MavenProxy::server);
    }

    /** As Maven itself: those of the address's own protocol first; one for http serves https too. */
    private List<Network.MavenProxy> ofMaven(String scheme) {
        List<Network.MavenProxy> candidates = new ArrayList<>();
        List.of(scheme, "http").stream()
                .distinct()
                .forEach(protocol ->
                        maven.stream().filter(proxy -> proxy.isFor(protocol)).forEach(candidates::add));
        return candidates;
    }

    private static boolean ofProperties(String scheme) {
        boolean named = !System.getProperty(scheme + ".proxyHost", "").isBlank();
        return hasPort(scheme) && (named || Boolean.getBoolean("java.net.useSystemProxies"));
    }

    /** Tells whether the property of the port, if there is one, lets the JDK connect; it takes 0 for the usual one. */
    static boolean hasPort(String scheme) {
        int port = Integer.getInteger(scheme + PORT, 0);
        return port == 0 || ProxyServer.isPort(port);
    }

    private static ProxyServer ofProperties(String scheme, InetSocketAddress address) {
        return new ProxyServer(
                address.getHostString(),
                address.getPort(),
                System.getProperty(scheme + ".proxyUser"),
                System.getProperty(scheme + ".proxyPassword"));
    }

    /** Tells whether a proxy wants to know who asks. */
    boolean hasLogins() {
        return all().stream().anyMatch(ProxyServer::hasLogin);
    }

    private List<ProxyServer> all() {
        List<ProxyServer> all = new ArrayList<>();
        for (String scheme : List.of("https", "http")) {
            String host = System.getProperty(scheme + ".proxyHost", "");
            int port = Integer.getInteger(scheme + PORT, scheme.equals("https") ? 443 : 80);
            if (!host.isBlank() && hasPort(scheme)) {
                all.add(ofProperties(scheme, InetSocketAddress.createUnresolved(host, port)));
            }
        }
        maven.forEach(proxy -> all.add(proxy.server()));
        all.addAll(environment.all());
        return all;
    }

    private static String scheme(URI uri) {
        return "http".equalsIgnoreCase(uri.getScheme()) ? "http" : "https";
    }

    private static int port(URI uri, String scheme) {
        return uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    }

    /** Tells proxies, and nobody else, who asks: for clients that ask the JDK's standard place. */
    Authenticator authenticator() {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                if (getRequestorType() != RequestorType.PROXY) {
                    return null;
                }
                return all().stream()
                        .filter(ProxyServer::hasLogin)
                        .filter(server -> server.port() == getRequestingPort() && isOf(server, getRequestingHost()))
                        .findFirst()
                        .map(server -> new PasswordAuthentication(
                                server.user(), (server.password() == null ? "" : server.password()).toCharArray()))
                        .orElse(null);
            }
        };
    }

    private static boolean isOf(ProxyServer server, String host) {
        return Objects.equals(lower(server.host()), lower(host))
                || Objects.equals(server.address().getHostString(), host);
    }

    private static String lower(String host) {
        return host == null ? null : host.toLowerCase(Locale.ROOT);
    }
}
