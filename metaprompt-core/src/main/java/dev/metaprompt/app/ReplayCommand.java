package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.evaluate.EvaluationData;
import dev.metaprompt.evaluate.FinalScores;
import dev.metaprompt.feature.Augmentation;
import dev.metaprompt.feature.TrainingFeatures;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.method.Method;
import dev.metaprompt.run.Predictions;
import dev.metaprompt.run.Results;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import dev.metaprompt.run.RunStatus;
import dev.metaprompt.train.Agreement;
import dev.metaprompt.train.Replay;
import dev.metaprompt.train.ReplayedFigures;
import dev.metaprompt.train.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The goal {@code replay}: trains a run again from its record, in a folder of its own, until the two differ. */
final class ReplayCommand implements Command {
    @Override
    public void run(CommandContext context) {
        Configuration asked = Settings.withoutModel(context);
        RunDirectory directory = Settings.run(context, asked);
        RunRecord record = directory.readRecord();
        Agreement agreement = new Agreement(directory.id());
        ReplayedRecord.requireNoContradiction(record);
        Configuration config = Settings.replay(context, record);
        refuseFreshViews(config, directory);
        context.progress().phase("repeating run " + TrainCommand.shown(context.baseDirectory(), directory.path()));
        Path folder = temporaryFolder();
        try {
            new Repetition(context, config, directory, record, agreement).run(folder);
        } finally {
            delete(folder);
        }
    }

    private static void refuseFreshViews(Configuration config, RunDirectory directory) {
        boolean trains = !config.text("method").equals("clip");
        if (trains && Augmentation.parse(config.text("augment")).kind() == Augmentation.Kind.ONLINE) {
            throw new InvalidInputException("run " + directory.id() + " was trained with augment=online, whose fresh"
                    + " views no record holds; replay repeats runs made with augment=none or views:V. Name such a run"
                    + " in metaprompt.run.");
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("metaprompt-replay-");
        } catch (IOException e) {
            throw new InvalidInputException(
                    "no temporary folder can be made (" + Quoted.fault(e) + "). Make room, or name another with"
                            + " -Dmetaprompt.fork.jvmArgs=-Djava.io.tmpdir=<folder>.",
                    e);
        }
    }

    private static void delete(Path folder) {
        try {
            PlainFiles.delete(folder);
        } catch (IOException e) {
            // Left behind among temporary files; what was found out matters more.
        }
    }

    /** One repetition of one run. */
    private record Repetition(
            CommandContext context,
            Configuration config,
            RunDirectory directory,
            RunRecord record,
            Agreement agreement) {

        private boolean finished() {
            return record.status() == RunStatus.FINISHED;
        }

        void run(Path folder) {
            Compute compute = Compute.of(config);
            try (Materials materials = Materials.open(config, compute, context.progress())) {
                ReplayedRecord.compare(record, config, materials, agreement);
                ReplayedRecord.compareContent(record, materials, agreement, context.progress());
                TrainCommand.Prepared prepared = TrainCommand.prepare(config, materials);
                int baseImages = materials.plan().testBase().size();
                int newImages = materials.plan().testNew().size();
                try (Replay replay =
                        new Replay(directory.path(), folder, finished(), baseImages, newImages, agreement)) {
                    replay.requireFiles(files(prepared.method()));
                    context.progress().phase(materials.summary());
                    repeat(folder, materials, prepared, replay);
                }
            }
        }

        private static List<String> files(Method method) {
            List<String> files = new ArrayList<>(List.of(RunDirectory.PREDICTIONS));
            if (method.sampling() != Method.Sampling.NONE) {
                files.addAll(List.of(
                        RunDirectory.INITIAL,
                        RunDirectory.EPISODES,
                        RunDirectory.METRICS,
                        RunDirectory.EPOCHS,
                        RunDirectory.LEARNED));
            }
            return files;
        }

        private void repeat(Path folder, Materials materials, TrainCommand.Prepared prepared, Replay replay) {
            Method method = prepared.method();
            try (TrainingFeatures features = TrainCommand.trainingFeatures(context, config, materials)) {
                EvaluationData data = materials.evaluationData(context.progress());
                Training.Outcome outcome = TrainCommand.training(folder, config, materials, method, features, data)
                        .run(
                                prepared.parameters(),
                                materials.manager(),
                                context.progress(),
                                () -> context.interrupted() || !replay.goesOn());
                if (context.interrupted()) {
                    context.progress()
                            .phase("interrupted; no difference in the first " + steps(replay) + " that were compared");
                    return;
                }
                replay.end();
                if (!finished()) {
                    context.result(List.of(unfinished(replay)));
                    return;
                }
                FinalScores scores = prepared.factory()
                        .evaluation(method, materials.dataset().template(), data)
                        .run(prepared.parameters());
                Results results = ScoreRecords.results(scores, data, outcome.selectedEpoch());
                new ReplayedFigures(
                                agreement,
                                Predictions.read(directory.file(RunDirectory.PREDICTIONS)),
                                ScoreRecords.predictions(scores, data))
                        .compare(record.results().orElseThrow(), results);
                context.result(List.of(whole(replay, results)));
            }
        }

        private static String steps(Replay replay) {
            return String.format(Locale.ROOT, "%,d steps", replay.steps());
        }

        private String unfinished(Replay replay) {
            return "no difference up to where the run stopped ("
                    + record.status().word() + "): " + steps(replay) + ", " + agreement.numbers();
        }

        private String whole(Replay replay, Results results) {
            String figures = results.newClasses().isPresent() ? "base, new and H" : "base";
            return "no difference: " + steps(replay) + ", " + agreement.numbers() + "; " + figures + " "
                    + agreement.figures();
        }
    }
}
