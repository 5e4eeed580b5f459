package dev.metaprompt.experiment.temporal;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** This machine's name. */
final class Hosts {
    private Hosts() {}

    static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
