package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.RandomStream;
import dev.metaprompt.io.Quoted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws the images a run may learn from.
 *
 * <p>Each class has a stream of its own, made of the seed and the class's name, and its images are put in order by path
 * first: the draw of a class depends on nothing but the seed and its images, not on the method, the threads, the other
 * classes or the order of the split file.
 */
public final class FewShotDraw {
    private static final int MOST_VALIDATION = 4;

    private FewShotDraw() {}

    /**
     * Draws training images without replacement.
     *
     * @param dataset where from
     * @param classes names of the classes to draw for
     * @param shots images a class, {@code dataset.shots}, at least 1
     * @param seed the run's seed
     * @return for each class, in the order of {@code classes}, {@code shots} images in the order they were drawn
     * @throws InvalidInputException if a class has fewer training images
     */
    public static Map<String, List<LabeledImage>> draw(Dataset dataset, List<String> classes, int shots, long seed) {
        ShotDraws.requireShots(shots);
        Map<String, List<LabeledImage>> images = byClass(dataset.train(), classes);
        requireEnough(dataset, images, shots);
        images.replaceAll((name, all) -> drawn(all, shots, RandomStream.of(seed, "fewShot/" + name)));
        return images;
    }

    /** Requires as many images of each class, and names the class that has fewest. */
    static void requireEnough(Dataset dataset, Map<String, List<LabeledImage>> images, int shots) {
        images.entrySet().stream()
                .min(Comparator.comparingInt(entry -> entry.getValue().size()))
                .filter(fewest -> fewest.getValue().size() < shots)
                .ifPresent(fewest -> {
                    throw tooFew(dataset, fewest.getKey(), fewest.getValue().size(), shots);
                });
    }

    /**
     * Draws the validation images a run may choose its epoch by: up to four a class, from {@code val} alone.
     *
     * @param dataset where from
     * @param classes names of the classes to draw for
     * @param seed the run's seed
     * @return for each class, in the order of {@code classes}, its images; empty for a class that has none
     */
    public static Map<String, List<LabeledImage>> validation(Dataset dataset, List<String> classes, long seed) {
        Map<String, List<LabeledImage>> images = byClass(dataset.val(), classes);
        images.replaceAll((name, all) -> {
            int count = Math.min(MOST_VALIDATION, all.size());
            return drawn(all, count, RandomStream.of(seed, "validation/" + name));
        });
        return images;
    }

    private static Map<String, List<LabeledImage>> byClass(List<LabeledImage> images, List<String> classes) {
        Map<String, List<LabeledImage>> grouped = new LinkedHashMap<>();
        classes.forEach(name -> grouped.put(name, new ArrayList<>()));
        images.stream()
                .filter(image -> grouped.containsKey(image.className()))
                .sorted(Comparator.comparing(LabeledImage::path))
                .forEach(image -> grouped.get(image.className()).add(image));
        return grouped;
    }

    private static List<LabeledImage> drawn(List<LabeledImage> all, int count, RandomStream random) {
        List<LabeledImage> drawn = new ArrayList<>();
        for (int index : random.sample(all.size(), count)) {
            drawn.add(all.get(index));
        }
        return List.copyOf(drawn);
    }

    private static InvalidInputException tooFew(Dataset dataset, String name, int count, int shots) {
        String advice = count == 0
                ? "add images of the class or leave it out"
                : "set -Dmetaprompt.dataset.shots=" + count + " or less, or add images";
        return new InvalidInputException("dataset.shots is " + shots + " but class " + Quoted.of(name) + " has " + count
                + (count == 1 ? " training image" : " training images") + " in " + Quoted.of(dataset.splitName())
                + "; allowed is 1 up to the smallest class: " + advice + ".");
    }
}
