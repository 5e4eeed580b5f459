package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.pretrain.Pretraining;
import dev.metaprompt.pretrain.PretrainingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The goal {@code pretrain}: nano-CLIP from scratch. */
final class PretrainCommand implements Command {
    @Override
    public void run(CommandContext context) {
        Configuration config = Settings.resolve(context);
        Path out = config.path("out")
                .orElseThrow(
                        () -> new InvalidInputException("out is not set. Name the folder to write the model to, for"
                                + " example -Dmetaprompt.out=target/nano-clip."));
        requireFree(out);
        Compute compute = Compute.of(config);
        new Pretraining(options(config), compute.device()).run(out, context.progress());
        context.result(List.of("model " + TrainCommand.shown(context.baseDirectory(), out)));
    }

    // A model of the user's must not be half replaced; what an interrupted pretraining left has its checkpoint.
    private static void requireFree(Path out) {
        boolean model = Files.exists(out.resolve("config.json")) || Files.exists(out.resolve("model.safetensors"));
        if (model && !Pretraining.canGoOn(out)) {
            throw new InvalidInputException("out is " + Quoted.path(out)
                    + ", which already holds a model. Name a new folder, or delete this one.");
        }
    }

    static PretrainingOptions options(Configuration config) {
        return new PretrainingOptions(
                config.integer("pretrain.steps"),
                config.integer("pretrain.groups"),
                config.number("pretrain.learningRate"),
                config.integer("pretrain.warmup"),
                config.longInteger("pretrain.seed"),
                config.integer("pretrain.imagesPerClass"));
    }
}
