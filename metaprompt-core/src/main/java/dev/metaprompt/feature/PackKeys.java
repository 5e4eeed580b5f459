package dev.metaprompt.feature;

import java.util.List;

/** The names in a feature pack. */
final class PackKeys {
    /** Of the format. */
    static final String VERSION = "metaprompt.pack";

    static final String CURRENT_VERSION = "1";
    /** Of the whole file, with zeros in its own place. */
    static final String DIGEST = "content.sha256";

    static final String MODEL = "model.name";
    static final String MODEL_SHA256 = "model.sha256";
    /** What the model is beside its weights; packs of earlier versions do not say it. */
    static final String TOWER = "model.tower";

    static final String PREPROCESSING = "preprocessing";
    /** The order of colour conversion; packs of older versions, which do not state it, are of {@code resize-first}. */
    static final String COLOR_ORDER = "image.colorOrder";
    /** JSON, see {@link PackContent}. */
    static final String DATASET = "dataset";

    static final String PRECISION = "feature.precision";
    static final String WIDTH = "feature.width";
    static final String VIEWS = "views";
    static final String RECIPE = "views.recipe";
    static final String LICENCE = "licence";
    static final String PROJECT = "metaprompt.version";
    static final List<String> REQUIRED =
            List.of(DIGEST, MODEL, MODEL_SHA256, PREPROCESSING, DATASET, PRECISION, WIDTH, VIEWS, RECIPE, PROJECT);

    static final String CENTRE = "centre";
    static final String IMAGES = "images";
    /** Only where it is 1 for some image. */
    static final String DEPEND_ON_ORDER = "images.dependOnColorOrder";

    static final String ADVICE =
            "Fetch the pack again, or make one with mvn metaprompt:prepare -Dmetaprompt.pack=<file>.";

    private PackKeys() {}

    static String view(int number) {
        return "views." + number;
    }
}
