package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;

/**
 * An MLflow server and the right to use it. Credentials and certificates come from MLflow's own environment variables;
 * credentials are shown nowhere, and go to this address alone: over TLS, or in plain to this machine and private networks.
 */
public final class TrackingServer {
    private static final String URI_VARIABLE = "MLFLOW_TRACKING_URI";
    private static final String USERNAME = "MLFLOW_TRACKING_USERNAME";
    private static final String PASSWORD = "MLFLOW_TRACKING_PASSWORD";
    private static final String TOKEN = "MLFLOW_TRACKING_TOKEN";
    private static final String PREFIX = "MLFLOW_TRACKING_";

    /** What MLflow's Python client heeds beside it, and the library that it makes its calls with. */
    private static final Set<String> OF_OTHER_CLIENTS = Set.of(
            "CURL_CA_BUNDLE",
            "MLFLOW_EXPERIMENT_ID",
            "MLFLOW_EXPERIMENT_NAME",
            "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR",
            "MLFLOW_HTTP_REQUEST_MAX_RETRIES",
            "MLFLOW_HTTP_REQUEST_TIMEOUT",
            "MLFLOW_RUN_ID",
            "MLFLOW_WORKSPACE",
            "REQUESTS_CA_BUNDLE");

    private static final Set<String> KNOWN = Set.of(
            URI_VARIABLE, USERNAME, PASSWORD, TOKEN, Tls.INSECURE, Tls.SERVER_CERTIFICATES, Tls.CLIENT_CERTIFICATE);

    /** How long the start waits to learn where a host is. */
    private static final Duration LOOK_UP = Duration.ofSeconds(5);

    private final String uri;
    private final String origin;
    private final boolean allowPlain;
    private final Optional<String> username;
    private final Optional<String> password;
    private final Optional<String> token;
    private final List<String> unsupported;
    private final Secrets secrets;
    private final PrivateWay way;
    private final Wire wire;

    private TrackingServer(
            String uri, String origin, Map<String, String> environment, boolean allowPlain, PrivateWay.Names names) {
        this.uri = uri;
        this.origin = origin;
        this.allowPlain = allowPlain;
        this.username = variable(environment, USERNAME);
        this.password = variable(environment, PASSWORD);
        this.token = variable(environment, TOKEN);
        this.unsupported = unsupported(environment);
        this.secrets = new Secrets(username, password, token);
        this.way = new PrivateWay(names);
        this.wire = new Wire(this, isPlain() ? Optional.<SSLContext>empty() : Tls.of(environment));
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static List<String> unsupported(Map<String, String> environment) {
        Set<String> names = new TreeSet<>();
        environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !KNOWN.contains(name) || OF_OTHER_CLIENTS.contains(name))
                .filter(name -> variable(environment, name).isPresent())
                .forEach(names::add);
        return List.copyOf(names);
    }

    /**
     * Takes an address that was given as an option; credentials go to it in plain only within private networks.
     *
     * @param address for example {@code http://localhost:5000}
     * @param origin where it was given, for messages
     * @param environment variables; those of MLflow's client give credentials and certificates
     * @return the server
     * @throws InvalidInputException if it is no http(s) address, holds a user or password, or is a public host that
     *     credentials would go to in plain; or if a variable cannot be used
     */
    public static TrackingServer of(String address, String origin, Map<String, String> environment) {
        return of(address, origin, environment, false);
    }

    /**
     * Takes an address that was given as an option.
     *
     * @param address for example {@code http://localhost:5000}
     * @param origin where it was given, for messages
     * @param environment variables; those of MLflow's client give credentials and certificates
     * @param allowPlain whether credentials may go to public hosts in plain
     * @return the server
     * @throws InvalidInputException if it is no http(s) address, holds a user or password, or is a public host that
     *     credentials would go to in plain; or if a variable cannot be used
     */
    public static TrackingServer of(
            String address, String origin, Map<String, String> environment, boolean allowPlain) {
        return of(address, origin, environment, allowPlain, InetAddress::getAllByName);
    }

    /** With another way to find hosts. */
    static TrackingServer of(
            String address,
            String origin,
            Map<String, String> environment,
            boolean allowPlain,
            PrivateWay.Names names) {
        String given = "tracking.uri is \"" + shown(address) + "\" (" + origin + ")";
        URI uri = parse(address)
                .orElseThrow(() -> new InvalidInputException(given
                        + ", but only the http:// or https:// address of an MLflow server can be used, for example"
                        + " http://localhost:5000."));
        if (uri.getRawUserInfo() != null) {
            throw new InvalidInputException(
                    given + " with a user or password in it, which would end up in records. Leave them out and set "
                            + USERNAME + " and " + PASSWORD + ".");
        }
        return new TrackingServer(plain(uri), "tracking.uri (" + origin + ")", environment, allowPlain, names)
                .checked();
    }

    /**
     * Takes {@code MLFLOW_TRACKING_URI}; credentials go to it in plain only within private networks.
     *
     * @param environment variables
     * @return the server; nothing if the variable is unset or no plain http(s) address
     * @throws InvalidInputException if credentials would go to a public host in plain, or a variable cannot be used
     */
    public static Optional<TrackingServer> of(Map<String, String> environment) {
        return of(environment, false);
    }

    /**
     * Takes {@code MLFLOW_TRACKING_URI}. It may be meant for other programs (a folder, a database), and then is of no
     * use here.
     *
     * @param environment variables
     * @param allowPlain whether credentials may go to public hosts in plain
     * @return the server; nothing if the variable is unset or no plain http(s) address
     * @throws InvalidInputException if credentials would go to a public host in plain, or a variable cannot be used
     */
    public static Optional<TrackingServer> of(Map<String, String> environment, boolean allowPlain) {
        return variable(environment, URI_VARIABLE)
                .flatMap(TrackingServer::parse)
                .filter(uri -> uri.getRawUserInfo() == null)
                .map(uri -> new TrackingServer(
                                plain(uri), URI_VARIABLE, environment, allowPlain, InetAddress::getAllByName)
                        .checked());
    }

    private static Optional<URI> parse(String address) {
        try {
            URI uri = new URI(address.strip());
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean http = scheme.equals("http") || scheme.equals("https");
            return http && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String plain(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
        return uri.getScheme().toLowerCase(Locale.ROOT) + "://" + uri.getRawAuthority() + path;
    }

    /** Without what may be secret: all before the last at-sign, and the query. */
    private static String shown(String address) {
        return Quoted.of(address.replaceFirst("(?s)^(\\w+://)?.*@", "$1…@").replaceFirst("(?s)[?#].*", ""));
    }

    private boolean isPlain() {
        return uri.startsWith("http:");
    }

    /** A host that is not found now is looked for again before each request. */
    private TrackingServer checked() {
        try {
            BoundedCalls.run(
                    () -> {
                        requireSafe();
                        return true;
                    },
                    LOOK_UP);
        } catch (InvalidInputException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // The server cannot be reached, which harms no training.
        }
        return this;
    }

    /**
     * Stops before a request that would show credentials to others than the server.
     *
     * @throws InvalidInputException if they would go to a public host in plain and nobody has allowed it
     * @throws IOException if the host's address is not known
     */
    void requireSafe() throws IOException {
        if (authorization().isEmpty() || !isPlain() || allowPlain) {
            return;
        }
        Optional<String> host = way.publicHost(URI.create(uri));
        if (host.isPresent()) {
            String variables = username.isPresent() && password.isPresent() ? USERNAME + " and " + PASSWORD : TOKEN;
            throw new InvalidInputException(origin + " is " + uri + ", and " + variables
                    + " would be sent to it unencrypted, for others to read on the way to " + host.get()
                    + ". Use an https:// address, unset them, or allow it: -Dmetaprompt.tracking.allowPlain=true");
        }
    }

    /**
     * Returns the address.
     *
     * @return without user, password, query and final slash
     */
    public String uri() {
        return uri;
    }

    /** Returns the address as messages have it. */
    String shown() {
        return "tracking server " + uri;
    }

    /** Returns a text without the secrets. */
    String redacted(String text) {
        return secrets.masked(text);
    }

    /** Returns the way to it. */
    Wire wire() {
        return wire;
    }

    /** Returns what to say of variables of MLflow's client that are set and change nothing here. */
    Optional<String> warning() {
        return unsupported.isEmpty()
                ? Optional.empty()
                : Optional.of("warning: " + String.join(", ", unsupported) + (unsupported.size() == 1 ? " is" : " are")
                        + " set, but not supported here");
    }

    /** Returns the header {@code Authorization}, chosen as MLflow's client does. */
    Optional<String> authorization() {
        if (username.isPresent() && password.isPresent()) {
            byte[] pair = (username.get() + ":" + password.get()).getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
        }
        return token.map(value -> "Bearer " + value);
    }

    @Override
    public String toString() {
        return uri;
    }
}
