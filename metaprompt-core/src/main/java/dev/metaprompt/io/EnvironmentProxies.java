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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The proxies of {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}, in either case. */
final class EnvironmentProxies {
    private static final List<String> SCHEMES = List.of("https", "http");
    private static final int USUAL_PORT = 80;

    /** A name, or an address of version 4 or 6, and what may be a port. */
    private static final Pattern PLACE =
            Pattern.compile("(?<host>[\\p{L}\\p{N}._-]+|\\[[0-9A-Fa-f:.]+(?:%\\w+)?])(?::(?<port>[0-9]{0,9}))?");

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
                        + " http://<host>:<port> with a port of 1 to 65535, and <user>:<password>@ before the host if the"
                        + " proxy wants them"));
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
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getRawAuthority() == null) {
                return Optional.empty();
            }
            return authority(uri.getRawAuthority());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    // Not by URI's own parts: it has no host where a name holds an underscore, as those of containers do.
    private static Optional<ProxyServer> authority(String authority) {
        int at = authority.lastIndexOf('@');
        Matcher place = PLACE.matcher(authority.substring(at + 1));
        if (!place.matches()) {
            return Optional.empty();
        }
        String digits = place.group("port");
        int port = digits == null || digits.isEmpty() ? USUAL_PORT : Integer.parseInt(digits);
        if (!ProxyServer.isPort(port)) {
            return Optional.empty();
        }
        String[] login = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
        return Optional.of(new ProxyServer(
                place.group("host"),
                port,
                login.length > 0 ? decoded(login[0]) : null,
                login.length > 1 ? decoded(login[1]) : null));
    }

    // A plus is a plus here, unlike in forms.
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
