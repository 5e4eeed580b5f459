package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.feature.Augmentation;
import dev.metaprompt.feature.CacheFolder;
import dev.metaprompt.feature.FeatureCache;
import dev.metaprompt.feature.FeaturePack;
import dev.metaprompt.feature.FeaturePackWriter;
import dev.metaprompt.feature.TrainingFeatures;
import dev.metaprompt.feature.View;
import dev.metaprompt.image.ColorOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The goal {@code prepare}: finds and checks model and data set, and encodes what a training will need, or all of the
 * data set for a feature pack. What is there already is verified and left as it is.
 */
final class PrepareCommand implements Command {
    private static final double MEGA = 1e6;

    @Override
    public void run(CommandContext context) {
        Configuration config = Settings.resolve(context);
        Optional<Path> pack = packToWrite(config);
        Compute compute = Compute.of(config);
        Progress progress = context.progress();
        if (config.flag("cache.clean")) {
            long bytes = new CacheFolder(Settings.cache(config)).clean();
            progress.phase("removed " + mega(bytes) + " of kept image features");
        }
        try (Materials materials = Materials.open(config, compute, progress)) {
            progress.phase(materials.summary());
            if (config.flag("selfcheck")) {
                SelfCheck.requireComparable(materials);
            }
            Optional<FeatureCache> cache = materials.features().cache();
            if (cache.isEmpty()) {
                context.result(List.of("verified feature pack " + config.text("dataset")
                        + ", which belongs to the model " + config.text("model")));
            } else if (pack.isPresent()) {
                String line = writePack(context, config, materials, cache.get(), pack.get());
                context.result(List.of(prepared(config), line));
            } else {
                encode(config, materials, cache.get(), progress);
                context.result(List.of(prepared(config)));
            }
            if (config.flag("selfcheck")) {
                context.result(SelfCheck.run(materials, progress));
            }
        }
    }

    private static Optional<Path> packToWrite(Configuration config) {
        Optional<Path> pack = config.path("pack");
        if (pack.isPresent() && !pack.get().toString().endsWith(FeaturePack.SUFFIX)) {
            throw new InvalidInputException(config.describe("pack") + "; a pack is recognised by its name. Let it end"
                    + " with " + FeaturePack.SUFFIX + ".");
        }
        if (pack.isPresent() && config.text("dataset").endsWith(FeaturePack.SUFFIX)) {
            throw new InvalidInputException(config.describe("pack") + " but the data set is a feature pack itself."
                    + " Copy the file, or name the data set's images.");
        }
        return pack;
    }

    private static String prepared(Configuration config) {
        return "prepared " + config.text("model") + " and " + config.text("dataset") + "; features are in "
                + Settings.cache(config);
    }

    private static void encode(Configuration config, Materials materials, FeatureCache cache, Progress progress) {
        Augmentation augmentation = FeatureAccess.augmentation(config);
        List<String> train = DataPlan.paths(materials.plan().train());
        boolean bank = augmentation.kind() == Augmentation.Kind.VIEWS;
        List<String> bankPaths = bank ? TrainingFeatures.bankPaths(augmentation, train) : List.of();
        int[] bankViews = bank ? TrainingFeatures.bankViews(augmentation, train) : new int[0];
        List<String> paths = new ArrayList<>(materials.evaluationPaths());
        int centres = paths.size();
        paths.addAll(bankPaths);
        int[] views = IntStream.concat(IntStream.of(View.centres(centres)), IntStream.of(bankViews))
                .toArray();
        String what = images(centres) + " × 1 view" + (bank ? shownViews(train.size(), augmentation) : "");
        tellSizes(what, cache.extent(paths, views, progress), progress);
        try (TrainingFeatures features = materials.trainingFeatures(augmentation, progress)) {
            materials.evaluationData(progress);
        }
    }

    private static String writePack(
            CommandContext context, Configuration config, Materials materials, FeatureCache cache, Path file) {
        Progress progress = context.progress();
        Augmentation augmentation = Augmentation.parse(config.text("augment"));
        FeaturePackWriter writer = new FeaturePackWriter(materials.dataset(), augmentation, cache);
        String version = context.facts().getOrDefault("metaprompt.version", "unknown");
        Optional<String> licence = config.optional("pack.licence");
        Optional<ColorOrder> order = Optional.of(ColorOrders.of(config)).filter(any -> ColorOrders.isDecided(config));
        if (writer.isWritten(file, materials.modelSha256(), version, licence, order, progress)) {
            return "feature pack " + file + " is there already and whole";
        }
        boolean bank = augmentation.kind() == Augmentation.Kind.VIEWS;
        int[] views = writer.rowViews();
        int centres =
                (int) IntStream.of(views).filter(view -> view == View.CENTRE).count();
        int train = bank ? (views.length - centres) / augmentation.views() : 0;
        String what = images(centres) + " × 1 view" + (bank ? shownViews(train, augmentation) : "");
        tellSizes(what, cache.extent(writer.rowPaths(), views, progress), progress);
        writer.write(file, materials.modelSha256(), version, licence, progress);
        return "feature pack " + file + ": " + what + ", "
                + materials.features().precision().word() + ", " + mega(size(file));
    }

    private static void tellSizes(String what, FeatureCache.Extent extent, Progress progress) {
        String size = mega((long) extent.rows() * extent.rowBytes()) + " of features; ";
        if (extent.kept() == extent.rows()) {
            progress.phase(what + ", " + size + "all are kept already and whole");
        } else {
            progress.phase("encoding " + what + ", about " + size
                    + (extent.kept() == 0 ? "none is" : String.format(Locale.ROOT, "%,d are", extent.kept()))
                    + " kept already");
        }
    }

    private static String images(int count) {
        return String.format(Locale.ROOT, "%,d images", count);
    }

    private static String shownViews(int images, Augmentation augmentation) {
        return String.format(Locale.ROOT, " and %,d × %d", images, augmentation.views());
    }

    private static String mega(long bytes) {
        return String.format(Locale.ROOT, bytes < MEGA ? "%.2f MB" : "%.1f MB", bytes / MEGA);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
