package dev.metaprompt.data.textures;

/**
 * One rendered image and what is known of how it was made.
 *
 * @param label class index, 0..46
 * @param rgb pixels row by row, 3 bytes a pixel, {@link TextureRenderer#SIZE} squared
 * @param colorName everyday name of its colours
 * @param coarseness period relative to the class's usual range: below 0 finer, above 1 coarser
 */
@SuppressWarnings("ArrayRecordComponent")
public record Texture(int label, byte[] rgb, String colorName, double coarseness) {}
