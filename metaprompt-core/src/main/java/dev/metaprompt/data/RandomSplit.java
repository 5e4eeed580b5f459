package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.RandomStream;
import dev.metaprompt.io.Quoted;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits class folders: of each class 50 % train, 20 % val and 30 % test, the shares of CoOp's own splits. A class has
 * at least one training and one test image. Each class has its own stream, made of the seed and its folder's name, so
 * that adding a class leaves the others as they were.
 */
final class RandomSplit {
    private RandomSplit() {}

    static ImageLists of(ClassTree tree, Map<String, String> names, Path imageRoot, long seed, Progress progress) {
        Map<String, List<LabeledImage>> byClass = new LinkedHashMap<>();
        tree.labeled("", names)
                .forEach(image -> byClass.computeIfAbsent(
                                image.path().substring(0, image.path().indexOf('/')), folder -> new ArrayList<>())
                        .add(image));
        List<LabeledImage> train = new ArrayList<>();
        List<LabeledImage> val = new ArrayList<>();
        List<LabeledImage> test = new ArrayList<>();
        byClass.forEach((folder, images) -> {
            int all = images.size();
            if (all < 2) {
                throw new InvalidInputException("class folder " + tree.folder() + File.separator + Quoted.of(folder)
                        + " holds one image; allowed are two or more, one to train and one to test:"
                        + " add images, or take the folder away.");
            }
            int forTest = Math.max(1, (3 * all + 5) / 10);
            int forVal = (2 * all + 5) / 10;
            int forTrain = all - forVal - forTest;
            if (forVal == 0) {
                progress.phase("class " + Quoted.of(folder) + " has " + all + " images: " + forTrain
                        + " to train, none to validate, " + forTest + " to test");
            }
            int[] order = RandomStream.of(seed, "split/" + folder).sample(all, all);
            for (int i = 0; i < all; i++) {
                (i < forTrain ? train : i < forTrain + forVal ? val : test).add(images.get(order[i]));
            }
        });
        return ImageLists.digested("random:" + seed, imageRoot, train, val, test);
    }
}
