package dev.metaprompt.feature;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.image.ColorOrder;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Holds a pack against what is to be done with it. */
final class PackChecks {
    private static final int LONGEST_TOWER = 160;

    private PackChecks() {}

    static void requireMadeWith(Path file, Map<String, String> facts, int width, ClipModel model, String modelSha256) {
        String made = facts.get(PackKeys.MODEL_SHA256);
        if (!made.equals(modelSha256)) {
            throw new InvalidInputException("feature pack " + file + " was made with the model "
                    + Quoted.of(facts.get(PackKeys.MODEL)) + " of digest " + Quoted.of(made) + "; the model "
                    + model.folder().name() + " has " + modelSha256
                    + ". Use the pack's model, or make a pack with this one.");
        }
        requireSameTower(file, facts.get(PackKeys.TOWER), model);
        String preparation = Preparation.describe(model.preprocessing());
        if (!facts.get(PackKeys.PREPROCESSING).equals(preparation)) {
            throw new InvalidInputException("feature pack " + file + " was made with another preprocessing of images ("
                    + Quoted.of(facts.get(PackKeys.PREPROCESSING)) + ") than the model has ("
                    + preparation + "). Use the model folder that the pack was made with, or make a new pack.");
        }
        if (width != model.config().projection()) {
            throw bad(
                    file,
                    "has features of width " + width + "; the model's are of width "
                            + model.config().projection());
        }
    }

    /** The same weights with another activation or other heads give other features. */
    private static void requireSameTower(Path file, String made, ClipModel model) {
        if (made == null && model.imageTowerReadAnew()) {
            throw new InvalidInputException(
                    "feature pack " + file + " does not say what image tower its features are of,"
                            + " and earlier versions took another one (with quickgelu) from these files than this one ("
                            + model.imageTower() + "). " + PackKeys.ADVICE);
        }
        if (made != null && !made.equals(model.imageTower())) {
            throw new InvalidInputException("feature pack " + file + " was made with the image tower "
                    + Quoted.of(made, LONGEST_TOWER) + "; the model "
                    + model.folder().name() + " now has "
                    + model.imageTower()
                    + ". Use the model's configuration and model.activation that the pack was made with, or"
                    + " make a new pack.");
        }
    }

    /** Decides the order of colour conversion: the pack's, or any where it makes no difference to the pack's images. */
    static ColorOrder order(Path file, Map<String, String> facts, boolean matters, Optional<ColorOrder> asked) {
        boolean stated = facts.containsKey(PackKeys.COLOR_ORDER);
        ColorOrder made = stated ? order(file, facts.get(PackKeys.COLOR_ORDER)) : ColorOrder.RESIZE_FIRST;
        if (asked.isEmpty() || asked.get() == made) {
            return made;
        }
        if (stated && !matters) {
            return asked.get();
        }
        String asIs = stated ? "" : ", as all packs were that do not state " + PackKeys.COLOR_ORDER;
        throw new InvalidInputException(PackKeys.COLOR_ORDER + " is "
                + asked.get().word() + ", but the feature pack "
                + file + " was made with " + made.word() + asIs + ". Use " + PackKeys.COLOR_ORDER + "=" + made.word()
                + ", or make a pack with -Dmetaprompt." + PackKeys.COLOR_ORDER + "="
                + asked.get().word() + ".");
    }

    private static ColorOrder order(Path file, String word) {
        try {
            return ColorOrder.of(word);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    bad(
                                    file,
                                    "says that " + PackKeys.COLOR_ORDER + " is " + Quoted.of(word)
                                            + "; this project knows " + ColorOrder.CONVERT_FIRST.word() + " and "
                                            + ColorOrder.RESIZE_FIRST.word())
                            .getMessage(),
                    e);
        }
    }

    static void requireViews(Path file, Map<String, String> facts, int views, Augmentation augmentation) {
        String allowed = views == 0 ? "augment=none" : "augment=views:" + views + ", fewer views, or augment=none";
        if (augmentation.kind() == Augmentation.Kind.ONLINE) {
            throw new InvalidInputException("augment is online, but the data set is the feature pack " + file
                    + ", which has no photographs to make views of. Use " + allowed + ".");
        }
        if (augmentation.kind() == Augmentation.Kind.NONE) {
            return;
        }
        if (augmentation.views() > views) {
            throw new InvalidInputException("augment is views:" + augmentation.views() + ", but the feature pack "
                    + file + " has " + views + " views of each training image. Use " + allowed
                    + ", or make a pack with -Dmetaprompt.augment=views:" + augmentation.views() + ".");
        }
        String recipe = facts.get(PackKeys.RECIPE);
        if (!recipe.equals(String.valueOf(View.RECIPE))) {
            throw bad(
                    file,
                    "has views of recipe " + Quoted.of(recipe) + "; this project draws views of recipe " + View.RECIPE);
        }
    }

    /** Reads what a pack says of its precision. */
    static FeaturePrecision precision(Path file, String word) {
        try {
            return FeaturePrecision.parse(word);
        } catch (InvalidInputException e) {
            // That speaks of the option of this name, which is not at fault.
            throw bad(
                    file, "says that " + PackKeys.PRECISION + " is " + Quoted.of(word) + "; a pack is of fp32 or fp16");
        }
    }

    static InvalidInputException bad(Path file, String what) {
        return new InvalidInputException("feature pack " + file + " " + what + ". " + PackKeys.ADVICE);
    }
}
