package dev.metaprompt.experiment.temporal;

import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.GlobalDataConverter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a server knows of cells that are scheduled and not at their end.
 *
 * @param all as the server tells it
 */
record Pending(List<PendingActivityInfo> all) {
    /** What a cell waits for that nothing is wrong with. */
    private static final Set<String> USUAL =
            Set.of(WorkerActivities.PAUSED, WorkerActivities.BUSY, WorkerActivities.STOPPED);

    Pending {
        all = List.copyOf(all);
    }

    private static boolean waits(PendingActivityInfo activity) {
        return activity.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED;
    }

    /** Returns the cells that workers have in hand. */
    List<Working> working() {
        return all.stream()
                .filter(activity -> !waits(activity))
                .flatMap(activity -> beat(activity)
                        .map(beat -> new Working(
                                beat.number(), activity.getLastWorkerIdentity(), activity.getAttempt(), beat.where()))
                        .stream())
                .toList();
    }

    private static Optional<Beat> beat(PendingActivityInfo activity) {
        if (!activity.hasHeartbeatDetails()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(GlobalDataConverter.get()
                    .fromPayloads(0, Optional.of(activity.getHeartbeatDetails()), Beat.class, Beat.class));
        } catch (DataConverterException e) {
            // A worker of another version tells it in its own way.
            return Optional.empty();
        }
    }

    /** Returns the task queues in which cells wait for a worker; servers before 1.28 do not tell. */
    Set<String> waiting() {
        Set<String> queues = new LinkedHashSet<>();
        all.stream()
                .filter(activity -> waits(activity) && activity.hasActivityOptions())
                .map(activity -> activity.getActivityOptions().getTaskQueue().getName())
                .filter(queue -> !queue.isEmpty())
                .forEach(queues::add);
        return queues;
    }

    /** Returns why something is being tried again, if it is for a fault. */
    Optional<String> trouble() {
        return all.stream()
                .filter(activity -> waits(activity) && activity.hasLastFailure())
                .map(PendingActivityInfo::getLastFailure)
                .filter(failure -> failure.hasApplicationFailureInfo()
                        && !USUAL.contains(failure.getApplicationFailureInfo().getType()))
                .map(failure -> Ended.cut(failure.getMessage()))
                .findFirst();
    }
}
