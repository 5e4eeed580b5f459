package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.Workplace;
import dev.metaprompt.tracking.TrackingServer;
import java.nio.file.Path;

/** Where submitters and workers meet: {@code experiment.store}. */
interface SharedPlace extends Workplace {
    /** Leaves a plan for workers to find. */
    void submit(Plan plan);

    /** Tells whether runs are in another place than the folder they are computed in. */
    boolean isRemote();

    /** Returns the place that the configuration names: a folder, or the tracking server's artifacts. */
    static SharedPlace of(Configuration config) {
        Path root = ExperimentFolder.root(config);
        if (!config.optional("experiment.store").orElse("").equals("mlflow:")) {
            return new FileWorkplace(root);
        }
        TrackingServer server = Tracking.server(config)
                .orElseThrow(() -> new InvalidInputException(config.describe("experiment.store")
                        + " but no server is named. Set tracking.uri, or use experiment.store=file:<folder>."));
        return new MlflowWorkplace(server, root);
    }
}
