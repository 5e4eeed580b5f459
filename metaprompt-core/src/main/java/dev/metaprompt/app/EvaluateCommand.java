package dev.metaprompt.app;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.evaluate.EvaluationData;
import dev.metaprompt.evaluate.FinalEvaluation;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.method.Method;
import dev.metaprompt.report.ResultLine;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import dev.metaprompt.tensor.Safetensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The goal {@code evaluate}: a finished run's learned tensors once more, on its own data set or on another. */
final class EvaluateCommand implements Command {
    @Override
    public void run(CommandContext context) {
        Configuration asked = Settings.withoutModel(context);
        RunDirectory directory = Settings.run(context, asked);
        RunRecord record = directory.readRecord();
        if (record.status() != RunStatus.FINISHED) {
            throw new InvalidInputException("run " + Quoted.of(record.id()) + " is "
                    + record.status().word()
                    + "; only finished runs can be evaluated. Go on with it: mvn metaprompt:train"
                    + " -Dmetaprompt.run=" + Quoted.of(record.id()));
        }
        Configuration config = Settings.reevaluate(context, record);
        context.progress().phase("evaluating run " + TrainCommand.shown(context.baseDirectory(), directory.path()));
        Results results = evaluate(context, config, directory, record);
        context.result(List.of(ResultLine.of(results)));
    }

    private static Results evaluate(
            CommandContext context, Configuration config, RunDirectory directory, RunRecord record) {
        Compute compute = Compute.of(config);
        boolean own = config.text("dataset").equals(record.config().get("dataset"));
        try (Materials materials = Materials.openForEvaluation(config, compute, context.progress(), own)) {
            RunJournal.requireSameModel(record, materials);
            if (own) {
                RunJournal.requireSameDataset(record, materials);
                requireSameImages(record, materials, context.progress());
            }
            context.progress().phase(materials.summary());
            EvaluationData data = materials.evaluationData(context.progress());
            MethodFactory factory = new MethodFactory(
                    config, materials.model(), materials.plan().split(), materials.manager());
            Method method = factory.create();
            FinalEvaluation evaluation =
                    factory.evaluation(method, materials.dataset().template(), data);
            return ScoreRecords.results(
                    evaluation.run(learned(method, directory, materials.manager(), config.seed())),
                    data,
                    OptionalInt.empty());
        }
    }

    // Other classes than the run's are tested on other images.
    private static void requireSameImages(RunRecord record, Materials materials, Progress progress) {
        RunRecord.DatasetInfo data = record.dataset();
        ClassSplit split = materials.plan().split();
        if (!split.base().equals(data.base()) || !split.newClasses().equals(data.newClasses())) {
            return;
        }
        if (data.content().isEmpty()) {
            DataContent.tellUnrecorded(progress, "run " + record.id() + " was trained");
            return;
        }
        String found = materials.content(progress).test();
        RunJournal.requireSame(
                "content of the test images", data.content().get().test(), found, record.id());
    }

    private static Map<String, NDArray> learned(Method method, RunDirectory directory, NDManager manager, long seed) {
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        if (method.sampling() == Method.Sampling.NONE) {
            return parameters;
        }
        Path file = directory.file(RunDirectory.LEARNED);
        try (Safetensors tensors = Safetensors.open(file)) {
            method.initialParameters(manager, seed).forEach((name, initial) -> {
                NDArray array = tensors.read(name, manager);
                if (!array.getShape().equals(initial.getShape())) {
                    throw new InvalidInputException(
                            file + ": tensor " + Quoted.of(name) + " has shape " + array.getShape()
                                    + "; here " + initial.getShape()
                                    + " is needed. A linear probe, for one, fits only the classes it was trained on.");
                }
                parameters.put(name, array);
            });
        }
        return parameters;
    }
}
