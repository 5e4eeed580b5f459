package dev.metaprompt.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * CoOp's own draw, image for image ("Learning to Prompt for Vision-Language Models", IJCV 2022; the draw itself is
 * Dassl's).
 *
 * <p>One stream of {@link PythonRandom} serves all classes, base and new, in the order in which the split file's list
 * first names them: first K training images of each, then min(K, 4) validation images of each. A class with fewer gives
 * all it has and takes nothing from the stream. So the draw depends on the order of the split file, on every class's
 * size and on K: fewer shots are not the beginning of more.
 *
 * <p>It is CoOp's set where the lists are CoOp's, in CoOp's order. ImageNet has no such lists: CoOp takes its images in
 * the order in which a disk happens to give them, here they are sorted.
 */
final class CoopDraw implements ShotDraw {
    private static final int MOST_VALIDATION = 4;

    private final Dataset dataset;
    private final Map<String, List<LabeledImage>> train;
    private final Map<String, List<LabeledImage>> validation;

    CoopDraw(Dataset dataset, int shots, long seed) {
        this.dataset = dataset;
        PythonRandom random = new PythonRandom(seed);
        train = draw(dataset.train(), shots, random);
        validation = draw(dataset.val(), Math.min(shots, MOST_VALIDATION), random);
    }

    private static Map<String, List<LabeledImage>> draw(List<LabeledImage> images, int count, PythonRandom random) {
        Map<String, List<LabeledImage>> byClass = new LinkedHashMap<>();
        images.forEach(image -> byClass.computeIfAbsent(image.className(), name -> new ArrayList<>())
                .add(image));
        byClass.replaceAll((name, all) -> all.size() < count ? List.copyOf(all) : drawn(all, count, random));
        return byClass;
    }

    private static List<LabeledImage> drawn(List<LabeledImage> all, int count, PythonRandom random) {
        List<LabeledImage> drawn = new ArrayList<>();
        for (int index : random.sample(all.size(), count)) {
            drawn.add(all.get(index));
        }
        return List.copyOf(drawn);
    }

    @Override
    public Map<String, List<LabeledImage>> train(List<String> classes, int count) {
        ShotDraws.requireShots(count);
        Map<String, List<LabeledImage>> chosen = new LinkedHashMap<>();
        classes.forEach(name -> chosen.put(name, train.getOrDefault(name, List.of())));
        FewShotDraw.requireEnough(dataset, chosen, count);
        chosen.replaceAll((name, images) -> images.subList(0, count));
        return chosen;
    }

    @Override
    public Map<String, List<LabeledImage>> validation(List<String> classes) {
        Map<String, List<LabeledImage>> chosen = new LinkedHashMap<>();
        classes.forEach(name -> chosen.put(name, validation.getOrDefault(name, List.of())));
        return chosen;
    }
}
