package dev.metaprompt.feature;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.Progress;
import java.util.List;

/** Where features of images come from: the cache, which encodes what it has not, or a feature pack. */
public interface FeatureSource {
    /**
     * Returns the features of images.
     *
     * @param manager owner of the result
     * @param paths n paths relative to the image root
     * @param views n numbers of {@link View}
     * @param progress hears the count while encoding
     * @return unnormalised features [n, D], float32
     * @throws dev.metaprompt.InvalidInputException if an image cannot be read, or a view is not to be had
     */
    NDArray get(NDManager manager, List<String> paths, int[] views, Progress progress);
}
