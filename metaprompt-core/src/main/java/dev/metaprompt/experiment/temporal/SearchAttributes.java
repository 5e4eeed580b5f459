package dev.metaprompt.experiment.temporal;

import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Plan;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What workflows can be searched by on the server: experiment, method, way and dataset. */
final class SearchAttributes {
    private static final SearchAttributeKey<String> EXPERIMENT = SearchAttributeKey.forKeyword("MetapromptExperiment");
    private static final SearchAttributeKey<List<String>> METHOD =
            SearchAttributeKey.forKeywordList("MetapromptMethod");
    private static final SearchAttributeKey<List<String>> WAY = SearchAttributeKey.forKeywordList("MetapromptWay");
    private static final SearchAttributeKey<List<String>> DATASET =
            SearchAttributeKey.forKeywordList("MetapromptDataset");

    private SearchAttributes() {}

    /** Starts a workflow, or finds it running; without search attributes where the server has none such. */
    static WorkflowStub start(
            TemporalConnection connection,
            WorkflowOptions options,
            Plan plan,
            ExperimentInput input,
            Progress progress) {
        register(connection);
        WorkflowOptions searchable = WorkflowOptions.newBuilder(options)
                .setTypedSearchAttributes(io.temporal.common.SearchAttributes.newBuilder()
                        .set(EXPERIMENT, plan.name())
                        .set(METHOD, values(plan, "method"))
                        .set(WAY, values(plan, "way"))
                        .set(DATASET, values(plan, "dataset"))
                        .build())
                .build();
        try {
            return start(connection, searchable, input);
        } catch (WorkflowExecutionAlreadyStarted e) {
            return connection.client().newUntypedWorkflowStub(options.getWorkflowId());
        } catch (WorkflowServiceException e) {
            if (!isRefused(e)) {
                throw e;
            }
            progress.phase("the server takes no search attributes Metaprompt…; the workflow goes without"
                    + " (an operator of the server can add them)");
            return start(connection, options, input);
        }
    }

    private static boolean isRefused(WorkflowServiceException e) {
        return e.getCause() instanceof StatusRuntimeException status
                && status.getStatus().getCode() == Status.Code.INVALID_ARGUMENT;
    }

    private static WorkflowStub start(TemporalConnection connection, WorkflowOptions options, ExperimentInput input) {
        WorkflowStub stub = connection.client().newUntypedWorkflowStub("Experiment", options);
        stub.start(input);
        return stub;
    }

    // Where the caller may not, or they are there, nothing changes.
    private static void register(TemporalConnection connection) {
        OperatorServiceStubs operator = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setChannel(connection.stubs().getRawChannel())
                .validateAndBuildWithDefaults());
        AddSearchAttributesRequest.Builder request = AddSearchAttributesRequest.newBuilder()
                .setNamespace(connection.options().namespace())
                .putSearchAttributes(EXPERIMENT.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
        Stream.of(METHOD, WAY, DATASET)
                .forEach(key ->
                        request.putSearchAttributes(key.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST));
        try {
            operator.blockingStub().addSearchAttributes(request.build());
        } catch (StatusRuntimeException e) {
            // already there, or not ours to add
        }
    }

    private static List<String> values(Plan plan, String key) {
        Set<String> values = new LinkedHashSet<>();
        for (Cell cell : plan.cells()) {
            Stream.concat(plan.options().stream(), cell.settings().stream())
                    .filter(setting -> setting.key().equals(key))
                    .map(Assignment::value)
                    .forEach(values::add);
        }
        return new ArrayList<>(values);
    }
}
