package dev.metaprompt.tracking;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow_project.google.protobuf.InvalidProtocolBufferException;

/** A tracking server that did not do what it was asked: absent, hanging, refusing, or no MLflow server at all. */
final class ServerFault extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 200;

    private final int status;

    private ServerFault(String message, int status, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** Returns the answer's HTTP status; 0 if there was no answer of MLflow's. */
    int status() {
        return status;
    }

    static ServerFault said(TrackingServer server, String text) {
        return new ServerFault(server.shown() + ": " + text, 0, null);
    }

    static ServerFault status(TrackingServer server, int status, String text) {
        return new ServerFault(server.shown() + " " + answer(server, status, text), status, null);
    }

    /** Says in one line what was found. */
    static ServerFault of(TrackingServer server, Throwable fault) {
        if (fault instanceof MlflowHttpException http) {
            String text = Optional.ofNullable(http.getBodyMessage()).orElse("");
            return new ServerFault(
                    server.shown() + " " + answer(server, http.getStatusCode(), text), http.getStatusCode(), fault);
        }
        if (fault instanceof TimeoutException) {
            return new ServerFault(server.shown() + " does not answer in time", 0, fault);
        }
        Throwable io = root(fault);
        if (io instanceof IOException && !(io instanceof InvalidProtocolBufferException)) {
            return new ServerFault(
                    server.shown() + " cannot be reached (" + tidy(server, String.valueOf(io.getMessage())) + ")",
                    0,
                    fault);
        }
        return new ServerFault(
                server.shown() + " answers, but not as an MLflow server does ("
                        + tidy(server, String.valueOf(io.getMessage())) + ")",
                0,
                fault);
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
            case 401, 403 ->
                "refuses the credentials with " + status + detail
                        + "; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN";
            case 404 -> "answers 404" + detail + "; is that MLflow's address?";
            default -> "answers " + status + detail;
        };
    }

    /** One short line without the secrets that a server may have sent back. */
    private static String tidy(TrackingServer server, String text) {
        String line = server.redacted(text).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }
}
