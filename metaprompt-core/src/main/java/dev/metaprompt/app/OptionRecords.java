package dev.metaprompt.app;

import dev.metaprompt.config.Configuration;
import dev.metaprompt.episode.EpisodeOptions;
import dev.metaprompt.method.CrossAttentionOptions;
import dev.metaprompt.method.LossOptions;
import dev.metaprompt.method.MlpOptions;
import dev.metaprompt.method.PrototypeKind;
import dev.metaprompt.train.TrainOptions;
import java.util.Locale;

/** Turns resolved keys into the option records of the rooms that use them. */
final class OptionRecords {
    private OptionRecords() {}

    static EpisodeOptions episode(Configuration config) {
        return new EpisodeOptions(
                config.integer("way"),
                config.integer("shot"),
                config.integer("episode.imagesPerClass"),
                config.integer("episode.tasks"),
                config.flag("episode.shuffleSupport"));
    }

    static CrossAttentionOptions crossAttention(Configuration config, int heads) {
        return new CrossAttentionOptions(
                heads,
                constant(CrossAttentionOptions.Scope.class, config.text("crossAttention.scope")),
                config.flag("crossAttention.norm"),
                constant(CrossAttentionOptions.Init.class, config.text("crossAttention.init")),
                constant(CrossAttentionOptions.Input.class, config.text("crossAttention.input")));
    }

    static MlpOptions mlp(Configuration config) {
        return new MlpOptions(config.integer("mlp.ratio"), config.flag("mlp.residual"), config.flag("mlp.norm"));
    }

    static LossOptions loss(Configuration config) {
        return new LossOptions(
                config.number("loss.klWeight"),
                constant(LossOptions.Direction.class, config.text("loss.klDirection")),
                constant(LossOptions.Reduction.class, config.text("loss.klReduction")),
                config.flag("loss.detachMultimodal"));
    }

    static PrototypeKind prototype(Configuration config) {
        return constant(PrototypeKind.class, config.text("prototype"));
    }

    static TrainOptions train(Configuration config) {
        return new TrainOptions(
                config.integer("train.epochs"),
                config.integer("train.iterations"),
                config.integer("train.batch"),
                config.number("train.learningRate"),
                config.number("train.momentum"),
                config.number("train.weightDecay"),
                constant(TrainOptions.Schedule.class, config.text("train.schedule")),
                config.integer("train.warmupEpochs"),
                config.number("train.warmupLearningRate"),
                constant(TrainOptions.Selection.class, config.text("train.select")));
    }

    // Values are written in lower case with hyphens (mm-text), constants in upper case with underscores.
    private static <E extends Enum<E>> E constant(Class<E> type, String value) {
        return Enum.valueOf(type, value.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
