package dev.metaprompt.experiment.temporal;

import dev.metaprompt.io.Quoted;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;

/** What is behind a fault, as the end of a sentence. */
final class Reasons {
    private Reasons() {}

    /** Returns the first line of what a server says, in parentheses; nothing if it says nothing. */
    static String of(StatusRuntimeException e) {
        String description = e.getStatus().getDescription();
        return description == null ? "" : " (" + description.lines().findFirst().orElse("") + ")";
    }

    /** Returns what a server answered to a call about a workflow. */
    static StatusRuntimeException status(WorkflowServiceException e) {
        return e.getCause() instanceof StatusRuntimeException status
                ? status
                : Status.UNKNOWN.withDescription(Quoted.fault(e)).asRuntimeException();
    }

    /** Returns why a workflow failed, in parentheses; nothing for other ends. */
    static String of(WorkflowStub stub, WorkflowExecutionStatus status) {
        if (status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_FAILED) {
            return "";
        }
        try {
            stub.getResult(Ended.class);
            return "";
        } catch (WorkflowFailedException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return " ("
                    + Ended.cut(
                            cause instanceof ApplicationFailure failure
                                    ? failure.getOriginalMessage()
                                    : Quoted.fault(cause))
                    + ")";
        }
    }
}
