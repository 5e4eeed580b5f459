package dev.metaprompt.tracking;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether what is sent in plain stays on this machine and in private networks: loopback, link-local, RFC 1918 and
 * unique local addresses. Addresses count and not names, and all addresses of a name; so does a proxy on the way.
 */
final class PrivateWay {
    /** Finds the addresses of a host. */
    @FunctionalInterface
    interface Names {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final Names names;

    PrivateWay(Names names) {
        this.names = names;
    }

    /**
     * Looks for a host on the way that is public.
     *
     * @return its name and address, for a message
     * @throws UnknownHostException if an address is not known
     */
    Optional<String> publicHost(URI uri) throws IOException {
        List<String> hosts = hosts(uri);
        for (String host : hosts) {
            if (hosts.size() > 1 && host.equals(uri.getHost()) && !isKnown(host)) {
                return Optional.of(host + ", which the proxy alone can find");
            }
            for (InetAddress address : names.resolve(host)) {
                if (!isPrivate(address)) {
                    String ip = address.getHostAddress();
                    return Optional.of(host.equals(ip) || host.equals("[" + ip + "]") ? ip : host + ", which is " + ip);
                }
            }
        }
        return Optional.empty();
    }

    private boolean isKnown(String host) {
        try {
            return names.resolve(host).length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static List<String> hosts(URI uri) {
        List<String> hosts = new ArrayList<>(List.of(uri.getHost()));
        ProxySelector selector = ProxySelector.getDefault();
        for (Proxy proxy : selector == null ? List.<Proxy>of() : selector.select(uri)) {
            if (proxy.address() instanceof InetSocketAddress address) {
                hosts.add(address.getHostString());
            }
        }
        return hosts;
    }

    private static boolean isPrivate(InetAddress address) {
        boolean uniqueLocal = address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isAnyLocalAddress()
                || uniqueLocal;
    }
}
