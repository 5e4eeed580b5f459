package dev.metaprompt.fetch;

import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.util.Locale;

/** How sizes, times, addresses and faults are told. */
final class Words {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB"};

    private Words() {}

    /** A number of bytes in decimal units: {@code 599 MB}, {@code 1.2 GB}. */
    static String bytes(double count) {
        if (count < 1000) {
            return (long) count + " bytes";
        }
        double value = count / 1000;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }

    /** A time as a person would say it. */
    static String time(Duration time) {
        long seconds = (time.toMillis() + 500) / 1000;
        if (seconds == 0) {
            return time.toMillis() + " ms";
        }
        return seconds < 120 ? seconds + " s" : (seconds + 30) / 60 + " min";
    }

    /** An address without what may be secret: user information, query (signatures) and fragment. */
    static String uri(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getScheme() + "://" + uri.getHost() + port + path;
    }

    /** Scheme, host and port: what a secret may be told to. */
    static String origin(URI uri) {
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : https ? 443 : 80;
        return (uri.getScheme() + "://" + uri.getHost() + ":" + port).toLowerCase(Locale.ROOT);
    }

    /** What a connection died of, on one line. */
    static String fault(IOException fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return "the host is unknown";
            }
        }
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException) {
                return "its certificate is signed by nobody that Java knows; name a file of those to trust with"
                        + " -Djavax.net.ssl.trustStore=<file>";
            }
        }
        if (fault instanceof HttpConnectTimeoutException) {
            return "no connection in time";
        }
        if (fault instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        if (fault instanceof ConnectException) {
            return "the connection was refused";
        }
        return Quoted.reason(fault);
    }
}
