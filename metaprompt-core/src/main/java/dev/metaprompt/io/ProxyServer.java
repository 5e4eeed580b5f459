package dev.metaprompt.io;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A proxy that is talked to over HTTP.
 *
 * @param host its name
 * @param port its port
 * @param user whom it knows; may be null
 * @param password what the user proves it by; may be null
 */
record ProxyServer(String host, int port, String user, String password) {
    boolean hasLogin() {
        return user != null && !user.isEmpty();
    }

    /** Returns what stands in {@code Proxy-Authorization}. */
    Optional<String> authorization() {
        if (!hasLogin()) {
            return Optional.empty();
        }
        String pair = user + ":" + (password == null ? "" : password);
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
