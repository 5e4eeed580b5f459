package dev.metaprompt.io;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
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
    /** Tells whether a number can be a port's. */
    static boolean isPort(int number) {
        return number >= 1 && number <= 0xffff;
    }

    /** Returns where it is; by number if its name has an underscore, at which the JDK's client stops. */
    InetSocketAddress address() {
        if (host.contains("_")) {
            try {
                return new InetSocketAddress(InetAddress.getByName(host).getHostAddress(), port);
            } catch (UnknownHostException e) {
                // The client fails then, and names it.
            }
        }
        return InetSocketAddress.createUnresolved(host, port);
    }

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
