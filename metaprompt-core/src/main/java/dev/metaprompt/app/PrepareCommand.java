package dev.metaprompt.app;

import dev.metaprompt.Progress;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.feature.Augmentation;
import dev.metaprompt.feature.TrainingFeatures;
import java.util.List;

/** The goal {@code prepare}: finds and checks model and data set, and encodes what a training will need. */
final class PrepareCommand implements Command {
    @Override
    public void run(CommandContext context) {
        Configuration config = Settings.resolve(context);
        Compute compute = Compute.of(config);
        Progress progress = context.progress();
        try (Materials materials = Materials.open(config, compute, progress)) {
            progress.phase(materials.summary());
            Augmentation augmentation = Augmentation.parse(config.text("augment"));
            try (TrainingFeatures features = materials.trainingFeatures(augmentation, progress)) {
                materials.evaluationData(progress);
            }
            context.result(List.of("prepared " + config.text("model") + " and " + config.text("dataset")
                    + "; features are in " + Settings.cache(config)));
        }
    }
}
