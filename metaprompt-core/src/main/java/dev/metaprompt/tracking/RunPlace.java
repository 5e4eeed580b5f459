package dev.metaprompt.tracking;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.CellInfo;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.util.Optional;

/**
 * MLflow's experiment of a run. The user names it, or this machine's mirror did so earlier and noted it beside the run. A
 * run's record has no say: it may be a stranger's, and an experiment may be a baseline.
 *
 * @param experiment its name
 * @param unheard what the run's record names instead, if nothing else decided
 */
record RunPlace(String experiment, Optional<String> unheard) {
    /**
     * Finds it.
     *
     * @param asked what the user asks for now
     * @return that; else where this server is to hold the run already ({@value TrackingState#FILE}); else of a cell of an
     *     experiment what that was begun with or {@code metaprompt/<experiment>}, and of another run
     *     {@code metaprompt/<dataset>}
     * @throws InvalidInputException if the run cannot be read
     */
    static RunPlace of(RunDirectory run, TrackingServer server, Optional<String> asked) {
        Optional<String> known = asked.or(() -> TrackingState.find(run)
                .filter(state -> server.uri().equals(state.uri()))
                .map(TrackingState::experiment));
        if (known.isPresent()) {
            return new RunPlace(known.get(), Optional.empty());
        }
        RunRecord record = run.readRecord();
        String place = CellInfo.read(run.path())
                .map(cell -> ofCell(run, cell))
                .orElse("metaprompt/" + record.dataset().name());
        return new RunPlace(
                place,
                Optional.ofNullable(record.config().get("tracking.experiment"))
                        .map(Object::toString)
                        .filter(text -> !text.equals(place)));
    }

    private static String ofCell(RunDirectory run, CellInfo cell) {
        return ExperimentRecord.readQuietly(run.path().toAbsolutePath().getParent())
                .filter(record -> record.facts().name().equals(cell.experiment()))
                .map(record -> record.trackingExperiment(Optional.empty()))
                .orElseGet(() -> ExperimentRecord.trackingExperiment(cell.experiment()));
    }

    /** Returns what to say of a wish that is not followed. */
    Optional<String> notice(RunDirectory run) {
        return unheard.map(wish -> "run " + run.id() + " goes to experiment " + Quoted.of(experiment)
                + ", not to \"" + Quoted.of(wish) + "\", which is not taken from its record; it would go there with"
                + " -Dmetaprompt.tracking.experiment");
    }
}
