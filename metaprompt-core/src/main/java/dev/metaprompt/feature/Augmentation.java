package dev.metaprompt.feature;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;

/**
 * Which views of a training image are used.
 *
 * @param kind the kind
 * @param views V, only for {@link Kind#VIEWS}
 */
public record Augmentation(Kind kind, int views) {
    /** The kinds of augmentation. */
    public enum Kind {
        /** The centre crop only. */
        NONE,
        /** One of V kept views at every use. */
        VIEWS,
        /** A fresh view at every use, encoded at every step. */
        ONLINE
    }

    /**
     * Reads the option's value.
     *
     * @param text {@code none}, {@code online} or {@code views:V}
     * @return the augmentation
     * @throws InvalidInputException for anything else
     */
    public static Augmentation parse(String text) {
        if (text.equals("none")) {
            return new Augmentation(Kind.NONE, 1);
        }
        if (text.equals("online")) {
            return new Augmentation(Kind.ONLINE, 0);
        }
        if (text.matches("views:[1-9][0-9]{0,2}")) {
            return new Augmentation(Kind.VIEWS, Integer.parseInt(text.substring("views:".length())));
        }
        throw new InvalidInputException("augment is " + Quoted.of(text)
                + "; allowed are none, online and views:V with 1 ≤ V ≤ 999, for example views:8.");
    }
}
