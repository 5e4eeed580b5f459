package dev.metaprompt.feature;

import dev.metaprompt.Progress;
import java.nio.file.Path;
import java.util.List;

/** What images hold: those of files, each of which is read once, or those that a pack was made of. */
public interface ImageContents {
    /**
     * Returns digests of images.
     *
     * @param paths n paths relative to the image root; a path may be asked for many times
     * @param progress hears the count while files are read
     * @return the SHA-256 of each file's bytes
     * @throws dev.metaprompt.InvalidInputException if an image cannot be read, or the pack has none of that path
     */
    byte[][] digests(List<String> paths, Progress progress);

    /**
     * Tells which images' views depend on when the image becomes RGB (see {@link dev.metaprompt.image.ColorOrder}).
     *
     * @param paths n paths relative to the image root; a path may be asked for many times
     * @param progress hears the count while files are read
     * @return false for RGB and grey images
     * @throws dev.metaprompt.InvalidInputException if an image's file cannot be read, or the pack has none of that path
     */
    boolean[] dependOnOrder(List<String> paths, Progress progress);

    /**
     * Reads files. Digests are kept beside the features of {@link FeatureCache}, which uses them too.
     *
     * @param cache the cache folder
     * @param imageRoot what paths are relative to
     * @param told hears of damaged files in the cache
     * @return for use by one thread
     */
    static ImageContents ofFiles(Path cache, Path imageRoot, Progress told) {
        RowStore store = new RowStore(new CacheFolder(cache).images(), RowFormat.DIGESTS, told::phase);
        return new ImageDigests(store, imageRoot);
    }
}
