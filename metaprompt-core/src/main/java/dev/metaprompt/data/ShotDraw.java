package dev.metaprompt.data;

import java.util.List;
import java.util.Map;

/** Which images a run may learn from, by {@code dataset.draw}; made by {@link ShotDraws#of}. */
public interface ShotDraw {
    /**
     * Returns training images.
     *
     * @param classes names of classes
     * @param count images a class, from 1 up to the {@code dataset.shots} that the draw was made for
     * @return for each class, in the order of {@code classes}, {@code count} images in the order they were drawn
     * @throws dev.metaprompt.InvalidInputException if a class has fewer
     */
    Map<String, List<LabeledImage>> train(List<String> classes, int count);

    /**
     * Returns the validation images a run may choose its epoch by: at most four a class.
     *
     * @param classes names of classes
     * @return for each class, in the order of {@code classes}, its images; empty for a class that has none
     */
    Map<String, List<LabeledImage>> validation(List<String> classes);
}
