package dev.metaprompt;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This machine's name, as records and servers know it. */
public final class Host {
    private Host() {}

    /**
     * Returns the name.
     *
     * @return {@code unknown} where the system gives none
     */
    public static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
