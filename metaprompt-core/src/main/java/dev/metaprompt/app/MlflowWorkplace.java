package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.CellStore;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.tracking.StoreException;
import dev.metaprompt.tracking.TrackingServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Experiments on a tracking server: nothing but it is shared. */
final class MlflowWorkplace implements SharedPlace {
    private final TrackingServer server;
    private final Path root;
    private final Map<String, MlflowStore> stores = new ConcurrentHashMap<>();

    /**
     * Creates it.
     *
     * @param server the server
     * @param root the folder of experiments on this machine
     */
    MlflowWorkplace(TrackingServer server, Path root) {
        this.server = server;
        this.root = root;
    }

    private MlflowStore store(String experiment) {
        return stores.computeIfAbsent(
                experiment, name -> new MlflowStore(server, name, Inside.require(root, name, "the experiment")));
    }

    @Override
    public void submit(Plan plan) {
        store(plan.name()).keepPlan(plan);
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public Plan plan(String experiment, String planId) {
        try {
            return store(Plan.requireName(experiment))
                    .fetchPlan(Plan.requireId(planId))
                    .orElseThrow(() -> new InvalidInputException("experiment.store: " + server.uri()
                            + " has no plan " + planId + " of experiment " + experiment
                            + ". Give submitter and workers the same tracking.uri."));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("experiment.store: " + Quoted.fault(e) + ". Rename the matrix.", e);
        } catch (StoreException e) {
            throw new InvalidInputException("experiment.store: " + e.getMessage() + ". Start the server.", e);
        }
    }

    @Override
    public CellStore store(Plan plan) {
        return store(plan.name());
    }
}
