package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.LabeledImage;
import dev.metaprompt.data.ShotDraw;
import dev.metaprompt.io.Quoted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which images a run uses for what: decided by the data set, the split of the classes and the draw alone.
 *
 * @param split base and new classes
 * @param shots few-shot images by base class
 * @param train the few-shot training set, class by class
 * @param newSupport as many training images of each new class, class by class; empty where they are not to be had
 * @param newShots training images of a new class in {@code newSupport}
 * @param validation at most four validation images of each base class
 * @param testBase test images of base classes
 * @param testNew test images of new classes
 */
record DataPlan(
        ClassSplit split,
        Map<String, List<LabeledImage>> shots,
        List<LabeledImage> train,
        List<LabeledImage> newSupport,
        int newShots,
        List<LabeledImage> validation,
        List<LabeledImage> testBase,
        List<LabeledImage> testNew) {

    /**
     * Plans a run.
     *
     * @param shots training images a base class, at most as many as the draw was made for
     * @param shotDraw which images
     */
    static DataPlan of(Dataset dataset, ClassSplit split, int shots, ShotDraw shotDraw) {
        Map<String, List<LabeledImage>> draw = shotDraw.train(split.base(), shots);
        int newShots = Math.min(shots, fewest(dataset.train(), split.newClasses()));
        List<LabeledImage> newSupport =
                newShots == 0 ? List.of() : flatten(shotDraw.train(split.newClasses(), newShots));
        List<LabeledImage> testBase = of(dataset.test(), split.base());
        List<LabeledImage> testNew = of(dataset.test(), split.newClasses());
        if (testBase.isEmpty()) {
            throw new InvalidInputException(Quoted.of(dataset.splitName())
                    + " has no test images of base classes. Give every class test images, or name another split.");
        }
        if (testNew.isEmpty() && !split.newClasses().isEmpty()) {
            throw new InvalidInputException(Quoted.of(dataset.splitName())
                    + " has no test images of new classes. Give them test images, or list only base classes.");
        }
        List<LabeledImage> validation = flatten(shotDraw.validation(split.base()));
        return new DataPlan(split, draw, flatten(draw), newSupport, newShots, validation, testBase, testNew);
    }

    /** The training images of the class that has fewest. */
    static int fewest(List<LabeledImage> images, List<String> classes) {
        Map<String, Integer> counts = new HashMap<>();
        images.forEach(image -> counts.merge(image.className(), 1, Integer::sum));
        return classes.stream()
                .mapToInt(name -> counts.getOrDefault(name, 0))
                .min()
                .orElse(0);
    }

    private static List<LabeledImage> flatten(Map<String, List<LabeledImage>> byClass) {
        return byClass.values().stream().flatMap(List::stream).toList();
    }

    private static List<LabeledImage> of(List<LabeledImage> images, List<String> classes) {
        Set<String> wanted = new HashSet<>(classes);
        return images.stream()
                .filter(image -> wanted.contains(image.className()))
                .toList();
    }

    static List<String> paths(List<LabeledImage> images) {
        return images.stream().map(LabeledImage::path).toList();
    }

    static List<String> classNames(List<LabeledImage> images) {
        return images.stream().map(LabeledImage::className).toList();
    }

    static int[] labels(List<LabeledImage> images, List<String> classes) {
        Map<String, Integer> places = new HashMap<>();
        classes.forEach(name -> places.put(name, places.size()));
        return images.stream().mapToInt(image -> places.get(image.className())).toArray();
    }
}
