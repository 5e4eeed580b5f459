package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.feature.Augmentation;
import dev.metaprompt.feature.FeatureCache;
import dev.metaprompt.feature.FeatureEncoder;
import dev.metaprompt.feature.FeaturePack;
import dev.metaprompt.feature.FeaturePrecision;
import dev.metaprompt.feature.FeatureSource;
import dev.metaprompt.feature.ImageContents;
import dev.metaprompt.feature.TrainingFeatures;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a run's image features come from: images through the cache, or a feature pack. */
final class FeatureAccess {
    private static final double GIB = 1L << 30;
    private static final String PRECISION = "feature.precision";

    private final ClipModel model;
    private final FeatureSource source;
    private final ImageContents contents;
    private final Optional<FeatureCache> cache;
    private final Optional<FeatureEncoder> encoder;
    private final FeaturePrecision precision;

    private FeatureAccess(
            ClipModel model,
            FeatureSource source,
            ImageContents contents,
            Optional<FeatureCache> cache,
            Optional<FeatureEncoder> encoder,
            FeaturePrecision precision) {
        this.model = model;
        this.source = source;
        this.contents = contents;
        this.cache = cache;
        this.encoder = encoder;
        this.precision = precision;
    }

    /** Opens the pack that the configuration names as its data set, at the precision it asks for. */
    static Optional<FeaturePack> pack(Configuration config) {
        if (!config.text("dataset").endsWith(FeaturePack.SUFFIX)) {
            return Optional.empty();
        }
        if (config.optional("dataset.split").isPresent()) {
            throw new InvalidInputException(config.describe("dataset.split") + " but the data set is the feature pack "
                    + Quoted.of(config.text("dataset")) + ", which has its own split. Leave dataset.split out.");
        }
        boolean asked = !config.origin(PRECISION).equals("default");
        Optional<FeaturePrecision> precision =
                Optional.of(FeaturePrecision.parse(config.text(PRECISION))).filter(any -> asked);
        return Optional.of(
                FeaturePack.open(config.path("dataset").orElseThrow()).at(precision));
    }

    /** Uses a pack, if it belongs to the model. */
    static FeatureAccess ofPack(FeaturePack pack, ClipModel model, String modelSha256) {
        pack.requireMadeWith(model, modelSha256);
        return new FeatureAccess(model, pack, pack, Optional.empty(), Optional.empty(), pack.precision());
    }

    /** Uses images, and keeps their features. */
    static FeatureAccess ofImages(
            Configuration config, ClipModel model, String modelSha256, Dataset dataset, Progress progress) {
        FeaturePrecision precision = FeaturePrecision.parse(config.text(PRECISION));
        Path root = dataset.imageRoot();
        FeatureEncoder encoder = new FeatureEncoder(model, root, precision);
        long limit = (long) (config.number("cache.limit") * GIB);
        FeatureCache cache = new FeatureCache(Settings.cache(config), limit, encoder, modelSha256, root, progress);
        return new FeatureAccess(model, cache, cache, Optional.of(cache), Optional.of(encoder), precision);
    }

    /** Which views a training uses: zero-shot CLIP trains nothing, and needs the centre alone. */
    static Augmentation augmentation(Configuration config) {
        return Augmentation.parse(config.text("method").equals("clip") ? "none" : config.text("augment"));
    }

    FeatureSource source() {
        return source;
    }

    /** What the images hold. */
    ImageContents contents() {
        return contents;
    }

    /** The cache, unless features come from a pack. */
    Optional<FeatureCache> cache() {
        return cache;
    }

    FeaturePrecision precision() {
        return precision;
    }

    TrainingFeatures training(Augmentation augmentation, List<String> paths, Progress progress) {
        if (augmentation.kind() == Augmentation.Kind.ONLINE) {
            return TrainingFeatures.online(paths, encoder.orElseThrow());
        }
        return TrainingFeatures.bank(augmentation, paths, source, model.device(), progress);
    }
}
