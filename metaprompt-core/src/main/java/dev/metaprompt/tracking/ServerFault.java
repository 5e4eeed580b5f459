package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Network;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow_project.google.protobuf.InvalidProtocolBufferException;

/**
 * A tracking server that did not do what it was asked: absent, hanging, refusing, or no MLflow server at all. Carries no
 * cause: what a server says may hold secrets.
 */
final class ServerFault extends Exception {
    private static final long serialVersionUID = 1L;

    private static final String NO_REASON = Quoted.reason(new IOException());

    /** Longer than of a file: a refusal begins with 60 characters of JSON, and what is refused comes behind them. */
    private static final int LONGEST = 200;

    /** What a fault is about. */
    enum Blame {
        /** What was sent: the server may well take something else. */
        ITEM,
        /** What was sent, or the server. */
        UNKNOWN,
        /** The server, or the way to it. */
        SERVER
    }

    private final int status;
    private final Blame blame;
    private final boolean broke;

    private ServerFault(String message, int status, Blame blame) {
        this(message, status, blame, false);
    }

    private ServerFault(String message, int status, Blame blame, boolean broke) {
        super(message);
        this.status = status;
        this.blame = blame;
        this.broke = broke;
    }

    /** Returns the answer's HTTP status; 0 if there was no answer of MLflow's. */
    int status() {
        return status;
    }

    Blame blame() {
        return blame;
    }

    /** Tells whether there was a way to the server that broke, on which side ever. */
    boolean isBreak() {
        return status == 0 && blame == Blame.UNKNOWN && broke;
    }

    /** Returns the fault of a file whose sending breaks while the server answers other calls. */
    ServerFault breaksAt(String name, long bytes) {
        String text = getMessage() + ", at the file " + name + " of " + bytes
                + " bytes; it answers other calls, so it or a proxy before it may take no file of that size";
        return new ServerFault(text, status, Blame.ITEM, true);
    }

    /** Says at which file; that one is not there is about the file. */
    ServerFault atFile(String name) {
        return new ServerFault(getMessage() + ", at the file " + name, status, status == 404 ? Blame.ITEM : blame);
    }

    static ServerFault said(TrackingServer server, String text, Blame blame) {
        return new ServerFault(server.shown() + ": " + server.redacted(text), 0, blame);
    }

    static ServerFault status(TrackingServer server, int status, String text) {
        return new ServerFault(server.shown() + " " + answer(server, status, text), status, blame(status, text));
    }

    /** Says in one line what was found. */
    static ServerFault of(TrackingServer server, Throwable fault) {
        if (fault instanceof MlflowHttpException http) {
            return status(
                    server,
                    http.getStatusCode(),
                    Optional.ofNullable(http.getBodyMessage()).orElse(""));
        }
        if (fault instanceof InvalidInputException) {
            return new ServerFault(Quoted.fault(fault), 0, Blame.SERVER);
        }
        if (fault instanceof TimeoutException) {
            return new ServerFault(server.shown() + " does not answer in time", 0, Blame.UNKNOWN);
        }
        Throwable io = root(fault);
        if (io instanceof TooLongException) {
            return new ServerFault(server.shown() + " " + Quoted.fault(io), 0, Blame.UNKNOWN);
        }
        if (io instanceof IOException && !(io instanceof InvalidProtocolBufferException)) {
            return new ServerFault(
                    server.shown() + " cannot be reached (" + tidy(server, reason(io)) + ")",
                    0,
                    isAbsent(io) ? Blame.SERVER : Blame.UNKNOWN,
                    true);
        }
        return new ServerFault(
                server.shown() + " answers, but not as an MLflow server does (" + tidy(server, Quoted.reason(io)) + ")",
                0,
                Blame.SERVER);
    }

    /** What one run gets for an answer another need not get; of 404 only if MLflow itself says it. */
    private static Blame blame(int status, String text) {
        return switch (status) {
            case 401, 407, 408, 429 -> Blame.SERVER;
            case 404 -> text.contains("error_code") ? Blame.ITEM : Blame.SERVER;
            default -> status / 100 == 4 ? Blame.ITEM : status / 100 == 5 ? Blame.UNKNOWN : Blame.SERVER;
        };
    }

    private static boolean isAbsent(Throwable io) {
        return io instanceof ConnectException
                || io instanceof UnknownHostException
                || io instanceof NoRouteToHostException
                || io instanceof HttpConnectTimeoutException
                || io instanceof SSLException;
    }

    private static String reason(Throwable io) {
        for (Throwable cause = io; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return "the host is unknown";
            }
            if (cause instanceof CertPathBuilderException) {
                return "its certificate is signed by nobody known here; name its CA's PEM file: "
                        + Tls.SERVER_CERTIFICATES;
            }
        }
        String reason = Quoted.reason(io);
        return reason.equals(NO_REASON) ? "the connection broke" : reason;
    }

    private static Throwable root(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null && !(root instanceof IOException)) {
            root = root.getCause();
        }
        return root;
    }

    private static String answer(TrackingServer server, int status, String text) {
        String detail = text.isBlank() ? "" : " (" + tidy(server, text) + ")";
        return switch (status) {
            case 301, 302, 303, 307, 308 ->
                "answers " + status + " and sends on to " + tidy(server, text)
                        + ", where nothing goes from here; name the address that answers itself as tracking.uri";
            case 401, 403 ->
                "refuses the credentials with " + status + detail
                        + "; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN";
            case 404 -> "answers 404" + detail + "; is that MLflow's address?";
            case 407 -> "is behind a proxy that does not know who asks (407); " + Network.LOGIN_ADVICE;
            case 413 -> "answers 413, too large" + detail;
            default -> "answers " + status + detail;
        };
    }

    /** One short line without the secrets that a server may have sent back. */
    private static String tidy(TrackingServer server, String text) {
        return Quoted.of(server.redacted(text), LONGEST);
    }
}
