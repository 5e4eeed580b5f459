package dev.metaprompt.evaluate;

import ai.djl.ndarray.NDArray;
import dev.metaprompt.method.ClassSet;
import java.util.List;

/**
 * The test images of one half of the classes.
 *
 * @param set which half
 * @param classes C class names, by label
 * @param images n paths relative to the image root
 * @param labels [n] indices into {@code classes}
 * @param features unnormalised image features [n, D]
 */
public record TestSet(ClassSet set, List<String> classes, List<String> images, int[] labels, NDArray features) {}
