package dev.metaprompt.app;

import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.CellStore;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.Workplace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A worker's view of a shared place: its plans may ask for what a matrix may, and name no place but the worker's. */
final class CheckedPlans implements Workplace {
    private final Workplace place;
    private final TravellingPlaces places;

    private CheckedPlans(Workplace place, TravellingPlaces places) {
        this.place = place;
        this.places = places;
    }

    /** Opens the worker's own folder, its cache, its data sets and the experiments' folder to plans. */
    static CheckedPlans of(Configuration worker) {
        List<Path> open = new ArrayList<>();
        open.add(worker.baseDirectory());
        open.add(Settings.cache(worker));
        open.add(ExperimentFolder.root(worker));
        worker.path("dataset.root").ifPresent(open::add);
        return new CheckedPlans(
                SharedPlace.of(worker),
                new TravellingPlaces("a plan", worker.baseDirectory(), open, CellOptions.keysOfMachine(worker)));
    }

    @Override
    public Plan plan(String experiment, String planId) {
        Plan plan = place.plan(experiment, planId);
        places.check(plan);
        return plan;
    }

    @Override
    public CellStore store(Plan plan) {
        return place.store(plan);
    }
}
