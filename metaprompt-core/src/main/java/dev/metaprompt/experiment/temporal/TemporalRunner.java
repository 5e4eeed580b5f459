package dev.metaprompt.experiment.temporal;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Plan;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Submits an experiment to a Temporal server, or finds it there, and watches it to its end. */
public final class TemporalRunner {
    /** Cells of a batch scheduled at once: more than workers have slots, so that none waits for the workflow. */
    static final int WINDOW = 100;

    /** Cells of a batch: keeps its history two orders of magnitude below the server's limits. */
    static final int BATCH = 500;

    private final TemporalConnection connection;
    private final Progress progress;

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
        return "metaprompt-" + plan.name() + "-" + plan.experimentId().substring(0, 12);
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
                .setStaticDetails(plan.title())
                .build();
        Watch watch = new Watch(connection.options(), progress, interrupted);
        return watch.patiently(() -> SearchAttributes.start(connection, options, plan, input(plan), progress))
                .flatMap(started -> {
                    progress.phase(
                            "workflow " + id + " on " + connection.options().address());
                    return watch.end(inquiry(plan), plan.cells().size());
                });
    }

    private Inquiry inquiry(Plan plan) {
        return new Inquiry(connection, workflowId(plan));
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
        Inquiry inquiry = existing(plan);
        return new Watch(connection.options(), progress, interrupted)
                .end(inquiry, plan.cells().size());
    }

    /**
     * Tells where an experiment stands.
     *
     * @param plan the experiment
     * @return counts over all its batches
     * @throws InvalidInputException if there is no such workflow, or no worker that could answer for it
     */
    public Standing standing(Plan plan) {
        return existing(plan)
                .standing()
                .orElseThrow(() -> new InvalidInputException("workflow " + workflowId(plan)
                        + " cannot tell where it stands: no worker asks for task queue "
                        + connection.options().taskQueue()
                        + ". Start one: mvn metaprompt:worker -Dmetaprompt.temporal.address="
                        + connection.options().address()));
    }

    /**
     * Lists the cells that workers have in hand.
     *
     * @param plan the experiment
     * @return them, in the order of the plan
     * @throws InvalidInputException as for {@link #standing}, or if the server cannot be asked
     */
    public List<Working> working(Plan plan) {
        Standing standing = standing(plan);
        return asked(
                plan,
                () -> inquiry(plan).pending(standing).working().stream()
                        .sorted(Comparator.comparingInt(Working::number))
                        .toList());
    }

    /**
     * Lets no further cell of an experiment begin; those begun go on. Takes hold within seconds.
     *
     * @param plan the experiment
     * @throws InvalidInputException if no such workflow runs
     */
    public void pause(Plan plan) {
        steer(plan, stub -> stub.signal("pause"));
    }

    /**
     * Lets cells of an experiment begin again.
     *
     * @param plan the experiment
     * @throws InvalidInputException if no such workflow runs
     */
    public void resume(Plan plan) {
        steer(plan, stub -> stub.signal("resume"));
    }

    /**
     * Stops an experiment: its cells stop at their next sign of life, their checkpoints stay.
     *
     * @param plan the experiment
     * @throws InvalidInputException if no such workflow runs
     */
    public void cancel(Plan plan) {
        steer(plan, WorkflowStub::cancel);
    }

    private void steer(Plan plan, Consumer<WorkflowStub> word) {
        Inquiry inquiry = existing(plan);
        WorkflowExecutionStatus status = asked(plan, inquiry::status);
        if (status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
            throw new InvalidInputException("experiment " + plan.name() + ": workflow " + workflowId(plan)
                    + " has ended already. Start it anew by leaving attach out.");
        }
        asked(plan, () -> {
            word.accept(inquiry.stub());
            return true;
        });
    }

    private Inquiry existing(Plan plan) {
        Inquiry inquiry = inquiry(plan);
        asked(plan, inquiry::status);
        return inquiry;
    }

    private <T> T asked(Plan plan, Supplier<T> question) {
        try {
            return question.get();
        } catch (StatusRuntimeException e) {
            throw refused(plan, e);
        } catch (WorkflowServiceException e) {
            throw refused(plan, Reasons.status(e));
        }
    }

    private InvalidInputException refused(Plan plan, StatusRuntimeException e) {
        String address = connection.options().address();
        boolean unknown = e.getStatus().getCode() == Status.Code.NOT_FOUND;
        return new InvalidInputException(
                unknown
                        ? "experiment " + plan.name() + ": no workflow " + workflowId(plan) + " is known to " + address
                                + ". Start it by leaving attach out."
                        : "temporal.address is " + address + ": "
                                + e.getStatus().getCode() + Reasons.of(e) + ". Try again when the server is back.",
                e);
    }
}
