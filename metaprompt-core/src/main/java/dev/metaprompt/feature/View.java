package dev.metaprompt.feature;

import dev.metaprompt.RandomStream;
import java.util.Arrays;

/** Names the views of an image: the centre crop of CLIP's own preprocessing, or a numbered augmentation. */
public final class View {
    /** The centre crop. */
    public static final int CENTRE = -1;

    /** Of what {@link #random} and the drawing of a view do; a change of either gives it another number. */
    static final int RECIPE = 1;

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
     * Describes a view for the key of a kept row. A random view is drawn by the image's path, so that the path belongs
     * to it: two files with the same bytes share their centre crops, but not their random views.
     *
     * @param path the image's path relative to the image root
     * @param number {@link #CENTRE} or the number of a random view
     * @return a text that is another for every other view of the same bytes
     */
    static String describe(String path, int number) {
        return number == CENTRE ? "centre" : "random/" + RECIPE + "/" + number + "/" + path;
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
