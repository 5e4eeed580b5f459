package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.temporal.TemporalOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How the configuration says a Temporal server is reached. */
final class TemporalSettings {
    private static final String API_KEY = "TEMPORAL_API_KEY";
    private static final String CLIENT = "io.temporal.client.WorkflowClient";

    private TemporalSettings() {}

    static TemporalOptions of(Configuration config) {
        requireClient();
        // The client brings native code of its own.
        NativeFolder.prepare(config);
        Optional<String> key = Optional.ofNullable(System.getenv(API_KEY)).filter(text -> !text.isBlank());
        Optional<Path> ca = file(config, "temporal.tls.ca");
        Optional<Path> certificate = file(config, "temporal.tls.certificate");
        Optional<Path> privateKey = file(config, "temporal.tls.key");
        if (certificate.isPresent() != privateKey.isPresent()) {
            throw new InvalidInputException(config.describe("temporal.tls.certificate") + " and "
                    + config.describe("temporal.tls.key") + "; a certificate needs its key. Give both or neither.");
        }
        return new TemporalOptions(
                config.text("temporal.address"),
                config.text("temporal.namespace"),
                config.text("temporal.taskQueue"),
                config.integer("temporal.heartbeat"),
                config.flag("temporal.tls") || key.isPresent() || ca.isPresent() || certificate.isPresent(),
                ca,
                certificate,
                privateKey,
                key);
    }

    private static Optional<Path> file(Configuration config, String key) {
        Optional<Path> file = config.path(key);
        if (file.isPresent() && !Files.isRegularFile(file.get())) {
            throw new InvalidInputException(config.describe(key) + " but there is no such file. Name a PEM file.");
        }
        return file;
    }

    // The plugin adds the client where it is told of the runner; it does not read configuration files.
    private static void requireClient() {
        try {
            Class.forName(CLIENT);
        } catch (ClassNotFoundException e) {
            throw new InvalidInputException(
                    "runner is temporal, but Temporal's client is not on the class path. Set the runner with"
                            + " -Dmetaprompt.runner=temporal or in the POM, not in a configuration file.",
                    e);
        }
    }
}
