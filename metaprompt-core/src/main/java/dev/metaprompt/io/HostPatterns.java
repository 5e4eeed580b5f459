package dev.metaprompt.io;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which hosts are reached without a proxy, in the spellings of Java and Maven, and of the variable {@code no_proxy}.
 */
final class HostPatterns {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|.+\\.localhost|127(\\.\\d{1,3}){3}|0\\.0\\.0\\.0");
    private static final List<String> LOOPBACK_6 = List.of("::1", "0:0:0:0:0:0:0:1", "::");

    private HostPatterns() {}

    /** This machine, which no other can reach for us. */
    static boolean isLoopback(String host) {
        String plain = plain(host);
        return LOOPBACK.matcher(plain).matches() || LOOPBACK_6.contains(plain);
    }

    /**
     * Matches as {@code http.nonProxyHosts} and Maven's {@code nonProxyHosts}: {@code *} stands for any characters.
     *
     * @param patterns with {@code |} or commas between them; may be null
     */
    static boolean matchesJava(String patterns, String host) {
        return words(patterns, "[|,\\s]+").stream()
                .map(word ->
                        Arrays.stream(word.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")))
                .anyMatch(pattern -> plain(host).matches(pattern));
    }

    /**
     * Matches as {@code no_proxy}: a name stands for itself and all names below it, {@code *} for all hosts, and
     * addresses may be given as {@code 10.0.0.0/8}.
     *
     * @param patterns with commas or blanks between them; may be null
     * @param port of the host
     */
    static boolean matchesVariable(String patterns, String host, int port) {
        return words(patterns, "[,\\s]+").stream().anyMatch(word -> matches(word, plain(host), port));
    }

    private static boolean matches(String word, String host, int port) {
        if (word.equals("*")) {
            return true;
        }
        if (word.contains("/")) {
            return isInNetwork(word, host);
        }
        String name = word;
        if (word.matches("[^:]+:\\d+|\\[.*\\]:\\d+")) {
            if (!word.endsWith(":" + port)) {
                return false;
            }
            name = word.substring(0, word.lastIndexOf(':'));
        }
        name = plain(name).replaceFirst("^\\*?\\.", "");
        return host.equals(name) || host.endsWith("." + name);
    }

    private static boolean isInNetwork(String word, String host) {
        String[] parts = word.split("/", 2);
        if (!isAddress(host) || !isAddress(plain(parts[0])) || !parts[1].matches("\\d{1,3}")) {
            return false;
        }
        try {
            byte[] network = InetAddress.getByName(plain(parts[0])).getAddress();
            byte[] address = InetAddress.getByName(host).getAddress();
            int bits = Integer.parseInt(parts[1]);
            return network.length == address.length && bits <= 8 * network.length && sameBits(network, address, bits);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    // Nothing else is handed to the resolver: names of hosts are the proxy's to look up.
    private static boolean isAddress(String text) {
        return text.matches("\\d{1,3}(\\.\\d{1,3}){3}") || text.contains(":") && text.matches("[0-9a-f:.]+");
    }

    private static boolean sameBits(byte[] one, byte[] other, int bits) {
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((one[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static List<String> words(String patterns, String between) {
        return Arrays.stream((patterns == null ? "" : patterns)
                        .toLowerCase(Locale.ROOT)
                        .split(between))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** In lower case, without the brackets of an address in a URI. */
    private static String plain(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("[") && lower.endsWith("]") ? lower.substring(1, lower.length() - 1) : lower;
    }
}
