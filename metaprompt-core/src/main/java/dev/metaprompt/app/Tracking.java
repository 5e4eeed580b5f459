package dev.metaprompt.app;

import dev.metaprompt.Progress;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.tracking.LiveMirror;
import dev.metaprompt.tracking.TrackingServer;
import java.util.Optional;

/** The tracking server a user asked for, and the mirror of the training that goes on; often there is none. */
final class Tracking {
    private final Optional<LiveMirror> mirror;

    private Tracking(Optional<LiveMirror> mirror) {
        this.mirror = mirror;
    }

    /** Returns the server of {@code tracking.uri}, or of {@code MLFLOW_TRACKING_URI}. */
    static Optional<TrackingServer> server(Configuration config) {
        Optional<String> uri = config.optional("tracking.uri");
        boolean allowPlain =
                config.value("tracking.allowPlain").map(Boolean.class::cast).orElse(false);
        return uri.isPresent()
                ? Optional.of(TrackingServer.of(uri.get(), config.origin("tracking.uri"), System.getenv(), allowPlain))
                : TrackingServer.of(System.getenv(), allowPlain);
    }

    /** Begins to mirror a training, if it is to be mirrored. */
    static Tracking begin(
            CommandContext context, Configuration config, Optional<TrackingServer> server, RunDirectory run) {
        if (server.isEmpty() && System.getenv("MLFLOW_TRACKING_URI") != null) {
            context.progress()
                    .phase(
                            "MLFLOW_TRACKING_URI is no http(s) address without user and password, so nothing is mirrored");
        }
        return new Tracking(server.map(
                to -> LiveMirror.start(run, to, config.optional("tracking.experiment"), context.progress())));
    }

    /** Returns what the training reports its epochs to. */
    Progress watching(Progress progress) {
        return mirror.map(live -> live.watching(progress)).orElse(progress);
    }

    /** Sends the rest; the record says by now how the run ended. */
    void end(CommandContext context) {
        mirror.ifPresent(live -> live.end(context.interrupted()));
    }
}
