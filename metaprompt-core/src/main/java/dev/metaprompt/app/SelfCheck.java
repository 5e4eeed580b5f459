package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipConfig;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.KnownDatasets;
import dev.metaprompt.evaluate.Evaluator;
import dev.metaprompt.evaluate.Scores;
import dev.metaprompt.evaluate.TestSet;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.method.ClassSet;
import dev.metaprompt.method.Method;
import dev.metaprompt.method.ZeroShotClip;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The acceptance test for those who have the real weights: zero-shot CLIP ViT-B/16 on DTD, template {@code "{}
 * texture."}, CoOp's split. The published accuracies, 53.24 % on base and 59.90 % on new classes (Zhou et al.,
 * "Conditional Prompt Learning for Vision-Language Models", CVPR 2022), are exactly 460 of 864 and 496 of 828 images.
 * Another activation, template, split or resize shows up as a larger difference than arithmetic can make.
 */
final class SelfCheck {
    /** The template of the published figures. */
    static final String TEMPLATE = "{} texture.";

    /** SHA-256 of {@code ViT-B-16.pt} as OpenAI publishes it, in the address of the file. */
    static final String OPENAI_SHA256 = "5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f";

    private static final Counted BASE = new Counted(460, 864);
    private static final Counted NEW = new Counted(496, 828);
    /** Arithmetic in fp32 instead of fp16 and another decoder may move so many images. */
    private static final int SLACK = 3;

    private SelfCheck() {}

    /** Correct predictions among images. */
    record Counted(int correct, int images) {
        @Override
        public String toString() {
            return correct + "/" + images;
        }
    }

    /** Evaluates and compares. */
    static List<String> run(Materials materials, Progress progress) {
        Map<ClassSet, List<String>> names = new EnumMap<>(ClassSet.class);
        names.put(ClassSet.BASE, materials.plan().split().base());
        names.put(ClassSet.NEW, materials.plan().split().newClasses());
        Method clip = new ZeroShotClip(materials.manager(), materials.model(), TEMPLATE, names);
        Evaluator evaluator = new Evaluator(clip, materials.model().logitScale(), 1, 0);
        return judge(
                counted(evaluator, materials.testSet(ClassSet.BASE, progress).orElseThrow()),
                counted(evaluator, materials.testSet(ClassSet.NEW, progress).orElseThrow()),
                materials.modelSha256());
    }

    private static Counted counted(Evaluator evaluator, TestSet images) {
        Scores scores = evaluator.text(Map.of(), images).orElseThrow();
        return new Counted(scores.correct(), images.labels().length);
    }

    /** Refuses what the published figures do not speak of, before anything is encoded. */
    static void requireComparable(Materials materials) {
        ClipModel model = materials.model();
        ClassSplit split = materials.plan().split();
        requireComparable(
                model.config(),
                model.folder().name(),
                materials.dataset(),
                split.base().size(),
                split.newClasses().size());
    }

    static void requireComparable(ClipConfig config, String model, Dataset dataset, int base, int newClasses) {
        ClipConfig.Tower vision = config.vision();
        if (vision.layers() != 12 || vision.width() != 768 || config.patch() != 16 || config.imageSize() != 224) {
            throw new InvalidInputException("selfcheck: model " + model + " has " + vision.layers()
                    + " layers of width "
                    + vision.width() + " and patches of " + config.patch() + " pixels; the published figures are"
                    + " ViT-B/16's. Use -Dmodel=openai/clip-vit-base-patch16.");
        }
        String split = KnownDatasets.find("dtd").orElseThrow().splitSha256().orElseThrow();
        if (!dataset.splitSha256().equals(split)) {
            throw new InvalidInputException(
                    "selfcheck: the split " + Quoted.of(dataset.splitName()) + " has the digest "
                            + dataset.splitSha256() + "; the published figures are of CoOp's split of DTD, " + split
                            + ". Use -Ddataset=dtd -Dmetaprompt.dataset.split=<split_zhou_DescribableTextures.json>.");
        }
        if (base != 24 || newClasses != 23) {
            throw new InvalidInputException("selfcheck: the classes are split " + base + " base / " + newClasses
                    + " new; the published figures are of 24 / 23. Leave dataset.classSplit, dataset.classes.base and"
                    + " dataset.classes.new out.");
        }
    }

    /** Says how the figures compare, or fails saying what to suspect. */
    static List<String> judge(Counted base, Counted newClasses, String weightsSha256) {
        List<String> lines = new ArrayList<>();
        lines.add("selfcheck base " + base + " (published " + BASE + ")   new " + newClasses + " (published " + NEW
                + ")   allowed are differences of " + SLACK + " images");
        lines.add(
                weightsSha256.equals(OPENAI_SHA256)
                        ? "selfcheck the weights are OpenAI's ViT-B-16.pt, byte for byte"
                        : "selfcheck the weights have the digest " + weightsSha256
                                + "; only OpenAI's own ViT-B-16.pt has a published one (" + OPENAI_SHA256 + ")");
        if (!near(base, BASE) || !near(newClasses, NEW)) {
            throw new InvalidInputException(lines.get(0) + ". The difference is larger than arithmetic makes: suspect"
                    + " the weights, the activation (quickgelu), damaged images, or another preprocessor_config.json.");
        }
        return List.copyOf(lines);
    }

    private static boolean near(Counted found, Counted published) {
        return found.images() == published.images() && Math.abs(found.correct() - published.correct()) <= SLACK;
    }
}
