package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * An MLflow server and the right to use it. The credentials come from MLflow's own environment variables and are shown
 * nowhere.
 */
public final class TrackingServer {
    private final String uri;
    private final Optional<String> username;
    private final Optional<String> password;
    private final Optional<String> token;
    private final boolean insecureTls;

    private TrackingServer(String uri, Map<String, String> environment) {
        this.uri = uri;
        this.username = variable(environment, "MLFLOW_TRACKING_USERNAME");
        this.password = variable(environment, "MLFLOW_TRACKING_PASSWORD");
        this.token = variable(environment, "MLFLOW_TRACKING_TOKEN");
        this.insecureTls = variable(environment, "MLFLOW_TRACKING_INSECURE_TLS")
                .filter("true"::equals)
                .isPresent();
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /**
     * Takes an address that was given as an option.
     *
     * @param address for example {@code http://localhost:5000}
     * @param origin where it was given, for messages
     * @param environment variables; those of MLflow's client give the credentials
     * @return the server
     * @throws InvalidInputException if it is no http(s) address or holds a user or password
     */
    public static TrackingServer of(String address, String origin, Map<String, String> environment) {
        URI uri = parse(address)
                .orElseThrow(
                        () -> new InvalidInputException("tracking.uri is \"" + withoutUser(address) + "\" (" + origin
                                + "), but only the http:// or https:// address of an MLflow server can be used, for example"
                                + " http://localhost:5000."));
        if (uri.getRawUserInfo() != null) {
            throw new InvalidInputException("tracking.uri is \"" + withoutUser(address) + "\" (" + origin
                    + ") with a user or password in it, which would end up in records. Leave them out and set"
                    + " MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.");
        }
        return new TrackingServer(plain(uri), environment);
    }

    /**
     * Takes {@code MLFLOW_TRACKING_URI}. It may be meant for other programs (a folder, a database), and then is of no
     * use here.
     *
     * @param environment variables
     * @return the server; nothing if the variable is unset or no plain http(s) address
     */
    public static Optional<TrackingServer> of(Map<String, String> environment) {
        return variable(environment, "MLFLOW_TRACKING_URI")
                .flatMap(TrackingServer::parse)
                .filter(uri -> uri.getRawUserInfo() == null)
                .map(uri -> new TrackingServer(plain(uri), environment));
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

    private static String withoutUser(String address) {
        return address.replaceAll("//[^/@]*@", "//…@").replaceAll("\\p{Cntrl}", "?");
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
        String clean = text;
        for (Optional<String> secret : List.of(password, token)) {
            if (secret.isPresent()) {
                clean = clean.replace(secret.get(), "…");
            }
        }
        return clean;
    }

    BasicMlflowHostCreds credentials() {
        return new BasicMlflowHostCreds(
                uri, username.orElse(null), password.orElse(null), token.orElse(null), insecureTls);
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
