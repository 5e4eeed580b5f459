package dev.metaprompt.config;

/** The kind of value a key holds. */
public enum Type {
    /** A whole number, held as {@link Long}. */
    INTEGER("integer"),
    /** A whole number, held as {@link Long}, or the text {@code auto}: chosen when more is known. */
    AUTO_INTEGER("integer or auto"),
    /** A finite decimal number, held as {@link Double}. */
    NUMBER("number"),
    /** {@code true} or {@code false}, held as {@link Boolean}. */
    BOOLEAN("boolean"),
    /** A text, held as {@link String}. */
    TEXT("text"),
    /** Names, held as one {@link String} with commas between them; in YAML also a list. */
    NAMES("names");

    private final String word;

    Type(String word) {
        this.word = word;
    }

    /**
     * Returns the type's name for people.
     *
     * @return one or a few lower-case words
     */
    public String word() {
        return word;
    }
}
