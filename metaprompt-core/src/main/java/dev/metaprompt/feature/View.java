package dev.metaprompt.feature;

import dev.metaprompt.RandomStream;
import java.util.Arrays;

/** Names the views of an image: the centre crop of CLIP's own preprocessing, or a numbered augmentation. */
public final class View {
    /** The centre crop. */
    public static final int CENTRE = -1;

    private View() {}

    /**
     * Returns the centre crop for each of a list of images.
     *
     * @param images how many
     * @return as many times {@link #CENTRE}
     */
    public static int[] centres(int images) {
        int[] views = new int[images];
        Arrays.fill(views, CENTRE);
        return views;
    }

    /**
     * Returns the random numbers of an augmented view: a function of the image's path and the number alone, so that
     * a view can be made again by anyone and shared by all seeds.
     *
     * @param path the image's path relative to the image root
     * @param number the view's number, at least 0
     * @return the stream
     */
    static RandomStream random(String path, int number) {
        return RandomStream.of(0, "augmentation/" + path, number);
    }
}
