package dev.metaprompt.experiment.temporal;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Plan;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Submits an experiment to a Temporal server, or finds it there, and watches it to its end. */
public final class TemporalRunner {
    /** Cells of a batch scheduled at once: more than workers have slots, so that none waits for the workflow. */
    static final int WINDOW = 100;

    /** Cells of a batch: keeps its history two orders of magnitude below the server's limits. */
    static final int BATCH = 500;

    private static final long POLL_MILLIS = 1000;
    private static final int PATIENT_POLLS = 10;

    private final TemporalConnection connection;
    private final Progress progress;
    private boolean away;
    private boolean toldOfNoWorker;

    /**
     * Creates it.
     *
     * @param connection to the server
     * @param progress hears of all cells together
     */
    public TemporalRunner(TemporalConnection connection, Progress progress) {
        this.connection = connection;
        this.progress = progress;
    }

    /**
     * Returns the id under which an experiment's workflow is known.
     *
     * @param plan the experiment
     * @return the same for the same plan
     */
    public static String workflowId(Plan plan) {
        return "metaprompt-" + plan.name() + "-" + plan.id().substring(0, 12);
    }

    /**
     * Computes an experiment: starts its workflow, or attaches to one that runs already.
     *
     * @param plan the experiment, which workers can find
     * @param interrupted asked often; once true this returns, and the workflow goes on without it
     * @return how its cells ended; nothing if interrupted
     * @throws InvalidInputException if the workflow was cancelled or terminated
     */
    public Optional<Ended> run(Plan plan, BooleanSupplier interrupted) {
        String id = workflowId(plan);
        WorkflowOptions options = WorkflowOptions.newBuilder()
                .setWorkflowId(id)
                .setTaskQueue(connection.options().taskQueue())
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setStaticSummary(plan.name() + ", " + plan.cells().size() + " cells")
                .build();
        WorkflowStub stub = SearchAttributes.start(connection, options, plan, input(plan));
        progress.phase("workflow " + id + " on " + connection.options().address());
        return watch(stub, plan.cells().size(), interrupted);
    }

    private ExperimentInput input(Plan plan) {
        return new ExperimentInput(
                plan.name(),
                plan.id(),
                plan.cells().size(),
                WINDOW,
                BATCH,
                connection.options().taskQueue(),
                connection.options().heartbeatSeconds());
    }

    /**
     * Watches a workflow that was started before.
     *
     * @param plan the experiment
     * @param interrupted as for {@link #run}
     * @return as for {@link #run}
     * @throws InvalidInputException if there is no such workflow, or it was cancelled or terminated
     */
    public Optional<Ended> attach(Plan plan, BooleanSupplier interrupted) {
        return watch(existing(plan), plan.cells().size(), interrupted);
    }

    /**
     * Tells where an experiment stands.
     *
     * @param plan the experiment
     * @return counts over all its batches
     * @throws InvalidInputException if there is no such workflow
     */
    public Standing standing(Plan plan) {
        return standing(existing(plan));
    }

    /** Lets no further cell of an experiment begin. */
    public void pause(Plan plan) {
        existing(plan).signal("pause");
    }

    /** Lets cells of an experiment begin again. */
    public void resume(Plan plan) {
        existing(plan).signal("resume");
    }

    /** Stops an experiment: its cells stop at their next sign of life, their checkpoints stay. */
    public void cancel(Plan plan) {
        existing(plan).cancel();
    }

    private WorkflowStub existing(Plan plan) {
        WorkflowStub stub = connection.client().newUntypedWorkflowStub(workflowId(plan));
        try {
            status(stub);
            return stub;
        } catch (StatusRuntimeException e) {
            throw new InvalidInputException(
                    "experiment " + plan.name() + ": no workflow " + workflowId(plan) + " is known to "
                            + connection.options().address() + " ("
                            + e.getStatus().getCode()
                            + "). Start it by leaving attach out.",
                    e);
        }
    }

    private WorkflowExecutionStatus status(WorkflowStub stub) {
        return connection
                .stubs()
                .blockingStub()
                .describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(connection.options().namespace())
                        .setExecution(WorkflowExecution.newBuilder()
                                .setWorkflowId(stub.getExecution().getWorkflowId()))
                        .build())
                .getWorkflowExecutionInfo()
                .getStatus();
    }

    private Optional<Ended> watch(WorkflowStub stub, int cells, BooleanSupplier interrupted) {
        int polls = 0;
        while (!interrupted.getAsBoolean()) {
            try {
                WorkflowExecutionStatus status = status(stub);
                back();
                if (status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
                    return Optional.of(result(stub, status));
                }
                tell(stub, cells, ++polls);
            } catch (StatusRuntimeException | WorkflowServiceException e) {
                away();
            }
            sleep();
        }
        return Optional.empty();
    }

    private Ended result(WorkflowStub stub, WorkflowExecutionStatus status) {
        if (status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED) {
            return stub.getResult(Ended.class);
        }
        String word = status.name().replace("WORKFLOW_EXECUTION_STATUS_", "").toLowerCase(Locale.ROOT);
        throw new InvalidInputException("workflow " + stub.getExecution().getWorkflowId() + " was " + word
                + ". What is finished stays; the same command without attach computes what is missing.");
    }

    private void tell(WorkflowStub stub, int cells, int polls) {
        Standing standing = standing(stub);
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
        if (polls % PATIENT_POLLS == 0) {
            noWorkers();
        }
    }

    private Standing standing(WorkflowStub stub) {
        Standing all = query(stub);
        int finished = all.finished();
        int failed = all.failed();
        int scheduled = 0;
        boolean paused = all.paused();
        for (String id : all.batches()) {
            Standing batch = query(connection.client().newUntypedWorkflowStub(id));
            finished += batch.finished();
            failed += batch.failed();
            scheduled += batch.scheduled();
            paused &= batch.paused();
        }
        return new Standing(paused, finished, failed, scheduled, all.batches());
    }

    // A workflow that no worker can answer for stands where it stood: unknown, which is no fault.
    private Standing query(WorkflowStub stub) {
        try {
            return stub.query("standing", Standing.class);
        } catch (WorkflowException e) {
            return new Standing(false, 0, 0, 0, List.of());
        }
    }

    private void noWorkers() {
        Set<String> idle = new LinkedHashSet<>();
        if (pollers(connection.options().taskQueue(), TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW) == 0) {
            idle.add(connection.options().taskQueue());
        }
        if (!idle.isEmpty() && !toldOfNoWorker) {
            toldOfNoWorker = true;
            progress.phase("no worker asks for task queue " + String.join(", ", idle)
                    + "; start one: mvn metaprompt:worker -Dmetaprompt.temporal.address="
                    + connection.options().address());
        } else if (idle.isEmpty()) {
            toldOfNoWorker = false;
        }
    }

    private int pollers(String queue, TaskQueueType type) {
        return connection
                .stubs()
                .blockingStub()
                .describeTaskQueue(DescribeTaskQueueRequest.newBuilder()
                        .setNamespace(connection.options().namespace())
                        .setTaskQueue(TaskQueue.newBuilder().setName(queue))
                        .setTaskQueueType(type)
                        .build())
                .getPollersCount();
    }

    private void away() {
        if (!away) {
            away = true;
            progress.phase("the server at " + connection.options().address() + " is away; waiting for it");
        }
    }

    private void back() {
        if (away) {
            away = false;
            progress.phase("the server is back");
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
