package dev.metaprompt.experiment.temporal;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a workflow's end through outages of the server, and tells how it goes on, and what it waits for. */
final class Watch {
    private static final long SHORTEST_MILLIS = 1000;
    private static final long LONGEST_MILLIS = 5000;
    private static final long SLICE_MILLIS = 200;

    /** How long nothing may change before it is asked why. */
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();

    /** How long a server may refuse: one that starts does not know its workflows at once. */
    private static final Duration REFUSED = Duration.ofSeconds(30);

    private static final Set<Status.Code> REFUSALS = Set.of(
            Status.Code.NOT_FOUND,
            Status.Code.PERMISSION_DENIED,
            Status.Code.UNAUTHENTICATED,
            Status.Code.INVALID_ARGUMENT,
            Status.Code.UNIMPLEMENTED);

    private final TemporalOptions options;
    private final Progress progress;
    private final BooleanSupplier interrupted;
    private final long refusals;
    private final Set<String> told = new LinkedHashSet<>();
    private Standing last = new Standing(false, 0, 0, 0, List.of());
    private long changed = System.nanoTime();
    private long refused;
    private long pause = SHORTEST_MILLIS;
    private boolean away;

    /**
     * Creates it.
     *
     * @param options how the server is reached
     * @param progress hears of all cells together
     * @param interrupted once true, the wait is over
     */
    Watch(TemporalOptions options, Progress progress, BooleanSupplier interrupted) {
        this(options, progress, interrupted, REFUSED);
    }

    /** Creates one that gives a server which refuses another time to think better of it. */
    Watch(TemporalOptions options, Progress progress, BooleanSupplier interrupted, Duration refusals) {
        this.options = options;
        this.progress = progress;
        this.interrupted = interrupted;
        this.refusals = refusals.toNanos();
    }

    /**
     * Asks a server, once at least, until it answers.
     *
     * @return the answer; nothing if interrupted
     * @throws InvalidInputException if it goes on refusing
     */
    <T> Optional<T> patiently(Supplier<T> question) {
        Optional<T> answer = once(question);
        while (answer.isEmpty() && !interrupted.getAsBoolean()) {
            sleep();
            answer = once(question);
        }
        return answer;
    }

    private <T> Optional<T> once(Supplier<T> question) {
        try {
            T answer = question.get();
            back();
            return Optional.of(answer);
        } catch (StatusRuntimeException e) {
            away(e);
        } catch (WorkflowServiceException e) {
            away(Reasons.status(e));
        }
        return Optional.empty();
    }

    /**
     * Waits for a workflow's end.
     *
     * @param inquiry about the workflow
     * @param cells how many it has
     * @return how they ended; nothing if interrupted
     * @throws InvalidInputException if it ended in another way, or the server goes on refusing
     */
    Optional<Ended> end(Inquiry inquiry, int cells) {
        while (!interrupted.getAsBoolean()) {
            Optional<WorkflowExecutionStatus> status = patiently(inquiry::status);
            if (status.isEmpty()) {
                break;
            }
            if (status.get() != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
                return patiently(() -> result(inquiry.stub(), status.get()));
            }
            once(() -> {
                tell(inquiry, cells);
                return true;
            });
            sleep();
        }
        return Optional.empty();
    }

    private static Ended result(WorkflowStub stub, WorkflowExecutionStatus status) {
        if (status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED) {
            return stub.getResult(Ended.class);
        }
        throw new InvalidInputException("workflow " + stub.getExecution().getWorkflowId() + " was "
                + status.name().replace("WORKFLOW_EXECUTION_STATUS_", "").toLowerCase(Locale.ROOT)
                + Reasons.of(stub, status)
                + ". What is finished stays; the same command without attach computes what is missing.");
    }

    private void tell(Inquiry inquiry, int cells) {
        Optional<Standing> answer = inquiry.standing();
        Standing standing = answer.orElse(last);
        if (!standing.equals(last)) {
            last = standing;
            changed = System.nanoTime();
            pause = SHORTEST_MILLIS;
            told.clear();
        } else {
            pause = Math.min(LONGEST_MILLIS, pause + pause / 4);
        }
        show(standing, cells);
        if (System.nanoTime() - changed > PATIENCE && !standing.paused()) {
            explain(inquiry, answer);
        }
    }

    private void show(Standing standing, int cells) {
        try {
            progress.update(
                    "cells",
                    standing.finished() + (long) standing.failed(),
                    cells,
                    (standing.failed() > 0 ? standing.failed() + " failed  " : "")
                            + (standing.paused() ? "paused  " : "")
                            + standing.scheduled() + " with workers or waiting");
        } catch (CancellationException e) {
            // The caller's own question tells.
        }
    }

    private void explain(Inquiry inquiry, Optional<Standing> standing) {
        if (standing.isEmpty() || standing.get().batches().isEmpty()) {
            if (!inquiry.hasWorkflowWorkers(options.taskQueue())) {
                tellOfNoWorker(options.taskQueue(), "");
            }
            return;
        }
        Pending pending = inquiry.pending(standing.get());
        for (String queue : pending.waiting()) {
            if (!inquiry.hasCellWorkers(queue)) {
                tellOfNoWorker(queue, queue.endsWith("-gpu") ? " -Dmetaprompt.device=gpu" : "");
            }
        }
        pending.trouble().ifPresent(trouble -> tellOnce("cells wait and are tried again: " + trouble));
    }

    private void tellOfNoWorker(String queue, String more) {
        tellOnce("no worker asks for task queue " + queue
                + "; start one: mvn metaprompt:worker -Dmetaprompt.temporal.address=" + options.address() + more);
    }

    private void tellOnce(String line) {
        if (told.add(line)) {
            progress.phase(line);
        }
    }

    private void away(StatusRuntimeException fault) {
        if (REFUSALS.contains(fault.getStatus().getCode())) {
            if (refused == 0) {
                refused = System.nanoTime();
            } else if (System.nanoTime() - refused > refusals) {
                throw new InvalidInputException(
                        "temporal.address is " + options.address() + ": the server goes on refusing, "
                                + fault.getStatus().getCode() + Reasons.of(fault)
                                + ". A workflow that has ended is forgotten after a while; the same command starts it anew.",
                        fault);
            }
        } else if (!away) {
            away = true;
            progress.phase("the server at " + options.address() + " is away; waiting for it");
        }
    }

    private void back() {
        refused = 0;
        if (away) {
            away = false;
            progress.phase("the server is back");
        }
    }

    private void sleep() {
        long end = System.nanoTime() + Duration.ofMillis(pause).toNanos();
        while (System.nanoTime() < end && !interrupted.getAsBoolean()) {
            try {
                Thread.sleep(SLICE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
