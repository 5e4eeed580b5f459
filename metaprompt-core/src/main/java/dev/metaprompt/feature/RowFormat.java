package dev.metaprompt.feature;

import dev.metaprompt.Sha256;

/**
 * What the rows of a store are.
 *
 * @param tensor their name in a segment
 * @param type their element type in safetensors
 * @param width elements of a row
 * @param bytes bytes of a row
 */
record RowFormat(String tensor, String type, int width, int bytes) {
    /** The digests of image files. */
    static final RowFormat DIGESTS = new RowFormat(
            "sha256", "U8", Sha256.begin().getDigestLength(), Sha256.begin().getDigestLength());

    /** For each image, 1 if its views depend on the order of colour conversion. */
    static final RowFormat DEPEND_ON_ORDER = new RowFormat("depend", "U8", 1, 1);

    /** Features of a model. */
    static RowFormat features(FeaturePrecision precision, int width) {
        return new RowFormat("features", precision.type(), width, width * precision.bytes());
    }
}
