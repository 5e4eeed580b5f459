package dev.metaprompt.experiment.temporal;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a server is asked about one experiment. */
final class Inquiry {
    private final TemporalConnection connection;
    private final String id;

    /**
     * Creates it.
     *
     * @param connection to the server
     * @param id the workflow's
     */
    Inquiry(TemporalConnection connection, String id) {
        this.connection = connection;
        this.id = id;
    }

    WorkflowStub stub() {
        return connection.client().newUntypedWorkflowStub(id);
    }

    /** Returns the workflow's state; throws {@link StatusRuntimeException}. */
    WorkflowExecutionStatus status() {
        return describe(id).getWorkflowExecutionInfo().getStatus();
    }

    private DescribeWorkflowExecutionResponse describe(String workflow) {
        return connection
                .stubs()
                .blockingStub()
                .describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(connection.options().namespace())
                        .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflow))
                        .build());
    }

    /** Returns counts over all batches; nothing while no worker can answer. */
    Optional<Standing> standing() {
        try {
            Standing all = stub().query("standing", Standing.class);
            int finished = all.finished();
            int failed = all.failed();
            int scheduled = 0;
            for (String batch : all.batches()) {
                Standing part = batch(batch);
                finished += part.finished();
                failed += part.failed();
                scheduled += part.scheduled();
            }
            return Optional.of(new Standing(all.paused(), finished, failed, scheduled, all.batches()));
        } catch (WorkflowException e) {
            return Optional.empty();
        }
    }

    private Standing batch(String batch) {
        try {
            return connection.client().newUntypedWorkflowStub(batch).query("standing", Standing.class);
        } catch (WorkflowNotFoundException e) {
            // It is about to be started.
            return new Standing(false, 0, 0, 0, List.of());
        }
    }

    /** Returns what is scheduled and not at its end, in all batches; throws {@link StatusRuntimeException}. */
    Pending pending(Standing standing) {
        List<PendingActivityInfo> all = new ArrayList<>();
        for (String batch : standing.batches()) {
            try {
                all.addAll(describe(batch).getPendingActivitiesList());
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
                    throw e;
                }
                // It is about to be started.
            }
        }
        return new Pending(all);
    }

    /** Tells whether any worker has asked for workflows of a task queue lately. */
    boolean hasWorkflowWorkers(String queue) {
        return pollers(queue, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW);
    }

    /** Tells whether any worker has asked for cells of a task queue lately. */
    boolean hasCellWorkers(String queue) {
        return pollers(queue, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY);
    }

    private boolean pollers(String queue, TaskQueueType type) {
        return connection
                        .stubs()
                        .blockingStub()
                        .describeTaskQueue(DescribeTaskQueueRequest.newBuilder()
                                .setNamespace(connection.options().namespace())
                                .setTaskQueue(TaskQueue.newBuilder().setName(queue))
                                .setTaskQueueType(type)
                                .build())
                        .getPollersCount()
                > 0;
    }
}
