package dev.metaprompt.image;

import java.util.Arrays;
import java.util.Locale;

/**
 * When an image becomes RGB: it matters for all modes but RGB and grey, see {@link PixelImage.Mode#dependsOnOrder()}.
 */
public enum ColorOrder {
    /** Before it is resized, as transformers' {@code CLIPProcessor} and CoOp's loader do. */
    CONVERT_FIRST,
    /** Resized and cropped in its own mode, as OpenAI's code and open_clip do; the order of all older versions. */
    RESIZE_FIRST;

    /**
     * Returns how options, records and feature packs call it.
     *
     * @return {@code convert-first} or {@code resize-first}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads what {@link #word} wrote.
     *
     * @param word the word
     * @return the order
     * @throws IllegalArgumentException for any other word
     */
    public static ColorOrder of(String word) {
        return Arrays.stream(values())
                .filter(order -> order.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no order of colour conversion: " + word));
    }
}
