package dev.metaprompt.app;

import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.Workplace;
import dev.metaprompt.tracking.TrackingServer;
import java.nio.file.Path;
import java.util.List;

/** The places that experiments are shared in, for tests of other packages. */
public final class SharedPlaces {
    private SharedPlaces() {}

    /** Returns one of each kind, with the same folder of experiments. */
    public static List<Workplace> of(Path root, TrackingServer server) {
        return List.of(new FileWorkplace(root), new MlflowWorkplace(server, root));
    }

    /** Puts a plan where workers find it. */
    public static void submit(Workplace place, Plan plan) {
        ((SharedPlace) place).submit(plan);
    }
}
