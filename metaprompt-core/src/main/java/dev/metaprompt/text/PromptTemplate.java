package dev.metaprompt.text;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;

/** Puts class names into hand-written templates such as {@code a photo of a {}.} */
public final class PromptTemplate {
    private static final String PLACE = "{}";

    private PromptTemplate() {}

    /**
     * Returns a class name as prompts write it.
     *
     * @param raw the data set's name, for example {@code snow_leopard}
     * @return with spaces for underscores
     */
    public static String className(String raw) {
        return raw.replace('_', ' ');
    }

    /**
     * Encodes a filled template.
     *
     * @param tokenizer the model's
     * @param template holds exactly one {@code {}}
     * @param className the data set's name
     * @return the token ids
     * @throws InvalidInputException as {@link #format}, or if there are more tokens than the model takes
     */
    public static int[] tokens(Tokenizer tokenizer, String template, String className) {
        int[] ids = tokenizer.whole(format(template, className));
        if (ids.length > tokenizer.contextLength()) {
            throw new InvalidInputException("class name \"" + Quoted.of(className) + "\" in the template \""
                    + Quoted.of(template) + "\" " + tokenizer.tooLong(ids.length)
                    + ". Shorten the name, or choose a shorter prompt.template if it is that one.");
        }
        return ids;
    }

    /**
     * Fills a template.
     *
     * @param template holds exactly one {@code {}}
     * @param className the data set's name
     * @return the text
     * @throws InvalidInputException if the template has no place for the name, or several
     */
    public static String format(String template, String className) {
        int place = template.indexOf(PLACE);
        if (place < 0 || template.indexOf(PLACE, place + 1) >= 0) {
            throw new InvalidInputException(
                    "prompt.template is \"" + Quoted.of(template)
                            + "\"; exactly one {} is allowed, where the class name goes. Use for example \"a photo of a {}.\".");
        }
        return template.substring(0, place) + className(className) + template.substring(place + PLACE.length());
    }
}
