package dev.metaprompt.clip;

import dev.metaprompt.ModelReading;
import dev.metaprompt.Sha256;
import dev.metaprompt.clip.ClipConfig.Tower;
import dev.metaprompt.image.Preprocessing;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Describes what is read from a model's files beside weights and tokenizer: two that compute otherwise have two
 * descriptions. Records keep digests of them, so that the words do not change.
 */
final class Reading {
    private Reading() {}

    /** Returns the digest of towers and preprocessing, marked where versions that recorded none read other ones. */
    static String of(ClipConfig config, Preprocessing preprocessing, boolean anew) {
        String described = towers(config) + "; " + prepared(preprocessing);
        return (anew ? ModelReading.ANEW : "") + Sha256.hex(described.getBytes(StandardCharsets.UTF_8));
    }

    static String towers(ClipConfig config) {
        return "text " + tower(config.text()) + " vocabulary=" + config.vocabulary() + " context=" + config.context()
                + " end=" + end(config) + "; image " + tower(config.vision()) + " side=" + config.imageSize()
                + " patch=" + config.patch() + "; projection=" + config.projection();
    }

    // Numbers as bits: their decimal digits are not the same in every version of Java.
    private static String tower(Tower tower) {
        return "width=" + tower.width() + " layers=" + tower.layers() + " heads=" + tower.heads() + " hidden="
                + tower.hidden() + " activation=" + tower.activation().option() + " epsilon="
                + Float.toHexString(tower.epsilon());
    }

    // The last of the ids is the largest in any text that it ends.
    private static String end(ClipConfig config) {
        boolean largest =
                config.endToken() == ClipConfig.LEGACY_END_TOKEN || config.endToken() == config.vocabulary() - 1;
        return largest ? "largest" : Integer.toString(config.endToken());
    }

    /** The order of colour conversion is no file's, and has a key of its own. */
    static String prepared(Preprocessing preprocessing) {
        return "resize=" + preprocessing.resize() + " crop=" + preprocessing.crop() + " mean="
                + bits(preprocessing.mean()) + " deviation=" + bits(preprocessing.std());
    }

    private static String bits(float[] values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> Float.toHexString(values[i]))
                .collect(Collectors.joining(","));
    }
}
