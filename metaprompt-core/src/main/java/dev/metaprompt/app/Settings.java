package dev.metaprompt.app;

import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.ConfigurationBuilder;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.report.Pictures;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Resolves what the user gave, with the model's recommendations, to checked values. */
final class Settings {
    private Settings() {}

    static Configuration resolve(CommandContext context) {
        return builder(context).resolve();
    }

    /** Places and names alone count, so that the model need not be there for its recommendations. */
    static Configuration withoutModel(CommandContext context) {
        return plain(context).resolve();
    }

    static Configuration resume(CommandContext context, RunRecord record) {
        return told(context, record, builder(context).resume(record.id(), record.config(), record.origins()));
    }

    /** A run's own configuration, on the data and the device that are asked for now. */
    static Configuration reevaluate(CommandContext context, RunRecord record) {
        return told(context, record, builder(context).evaluate(record.id(), record.config(), record.origins()));
    }

    /** A run's own configuration, on the device that is asked for now. */
    static Configuration replay(CommandContext context, RunRecord record) {
        return told(context, record, builder(context).replay(record.id(), record.config(), record.origins()));
    }

    /** A record may be somebody else's: which of this machine's files it has opened is said. */
    private static Configuration told(CommandContext context, RunRecord record, Configuration config) {
        for (String key : TravellingPlaces.ofRecord(context).outside(config)) {
            context.progress()
                    .phase("run " + Quoted.of(record.id()) + " names " + config.describe(key)
                            + ", outside of this project: it is opened, and must hold what the record says");
        }
        return config;
    }

    private static ConfigurationBuilder builder(CommandContext context) {
        return plain(context)
                .notice(context.progress()::phase)
                .recommendation(model -> ModelFinder.recommendations(model, withoutModel(context)));
    }

    /** What the user gave; settings of the POM's rank may be added, of which the later counts. */
    static ConfigurationBuilder plain(CommandContext context) {
        ConfigurationBuilder builder = Configuration.builder(context.baseDirectory());
        for (RawOption option : context.options()) {
            if (option.layer() == RawOption.Layer.POM) {
                builder.pom(option.key(), option.value(), option.origin());
            } else {
                builder.commandLine(option.key(), option.value(), option.origin());
            }
        }
        return builder;
    }

    /** The cache folder: {@code cache}, or a folder of the user's that all projects share. */
    static Path cache(Configuration config) {
        return config.path("cache").orElseGet(() -> UserCache.ofProcess().folder());
    }

    /** Whose pictures a page may hold: those of the project, and of where the user, and no record, says that data are. */
    static Pictures pictures(CommandContext context) {
        Configuration config = withoutModel(context);
        List<Path> folders = new ArrayList<>(List.of(config.baseDirectory(), cache(config)));
        config.path("dataset.root").ifPresent(folders::add);
        config.path("dataset").ifPresent(folders::add);
        return new Pictures(folders);
    }

    /** The run that {@code run} names, or the newest finished one. */
    static RunDirectory run(CommandContext context, Configuration asked) {
        Path runs = runs(asked);
        return asked.optional("run")
                .map(id -> RunDirectory.find(runs, context.baseDirectory(), id))
                .orElseGet(() -> RunDirectory.newestFinished(runs));
    }

    /** The folder of run directories. */
    static Path runs(Configuration config) {
        return config.path("runs").orElseThrow();
    }
}
