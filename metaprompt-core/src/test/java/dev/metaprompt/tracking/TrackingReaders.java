package dev.metaprompt.tracking;

import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a mirror reads, for tests of other packages. */
public final class TrackingReaders {
    /** The state's file. */
    public static final String STATE = TrackingState.FILE;

    private TrackingReaders() {}

    /** Finds a state and all that follows from it; a damaged one is none. */
    public static void state(Path file) {
        RunDirectory run = RunDirectory.at(file.getParent());
        TrackingState.find(run).ifPresent(TrackingState::asked);
        TrackingState.read(run, "http://127.0.0.1:1", "a").asked();
    }

    /** A record of an experiment that ended. */
    public static String experiment() {
        return new ExperimentRecord(
                        new ExperimentRecord.Facts("a", "b", "c", 1, Map.of("way", List.of("5"))),
                        Optional.of("d"),
                        RunStatus.FINISHED,
                        Instant.EPOCH,
                        Optional.of(Instant.EPOCH),
                        Map.of("mean", 1.5))
                .text();
    }

    /** Reads a record, and takes what it tells. */
    public static void experiment(Path file) {
        ExperimentRecord.read(file.getParent()).ifPresent(record -> {
            record.trackingExperiment(Optional.empty());
            record.ended(RunStatus.FAILED, record.figures(), Instant.EPOCH);
        });
    }
}
