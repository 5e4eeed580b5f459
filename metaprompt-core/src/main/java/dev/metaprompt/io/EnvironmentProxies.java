package dev.metaprompt.io;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The proxies of {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}, in either case. */
final class EnvironmentProxies {
    private static final List<String> SCHEMES = List.of("https", "http");
    private static final int USUAL_PORT = 80;

    private final Map<String, String> environment;

    EnvironmentProxies(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Returns the proxy for an address.
     *
     * @param scheme {@code https} or {@code http}
     */
    Optional<ProxyServer> of(String scheme, String host, int port) {
        Optional<String> exceptions = value("no_proxy").map(environment::get);
        if (HostPatterns.matchesVariable(exceptions.orElse(null), host, port)) {
            return Optional.empty();
        }
        return variable(scheme).flatMap(name -> server(environment.get(name)));
    }

    /** All proxies that are named. */
    List<ProxyServer> all() {
        List<ProxyServer> all = new ArrayList<>();
        SCHEMES.forEach(scheme ->
                variable(scheme).flatMap(name -> server(environment.get(name))).ifPresent(all::add));
        return all;
    }

    /** What to say of variables that are set and name no proxy that can be used. Their values may hold passwords. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        SCHEMES.stream()
                .flatMap(scheme -> variable(scheme).stream())
                .distinct()
                .filter(name -> server(environment.get(name)).isEmpty())
                .forEach(name -> warnings.add("the environment variable " + name
                        + " names no proxy that can be used and counts for nothing; allowed:"
                        + " http://<host>:<port>, with <user>:<password>@ before the host if the proxy wants them"));
        return warnings;
    }

    private Optional<String> variable(String scheme) {
        return value(scheme + "_proxy").or(() -> value("all_proxy"));
    }

    /** Returns the name under which a variable is set. */
    private Optional<String> value(String name) {
        return List.of(name, name.toUpperCase(Locale.ROOT)).stream()
                .filter(spelling -> !environment.getOrDefault(spelling, "").isBlank())
                .findFirst();
    }

    private static Optional<ProxyServer> server(String value) {
        String text = value.strip();
        try {
            URI uri = new URI(text.contains("://") ? text : "http://" + text);
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
                return Optional.empty();
            }
            String[] login = uri.getRawUserInfo() == null
                    ? new String[0]
                    : uri.getRawUserInfo().split(":", 2);
            return Optional.of(new ProxyServer(
                    uri.getHost(),
                    uri.getPort() < 0 ? USUAL_PORT : uri.getPort(),
                    login.length > 0 ? decoded(login[0]) : null,
                    login.length > 1 ? decoded(login[1]) : null));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    // A plus is a plus here, unlike in forms.
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
