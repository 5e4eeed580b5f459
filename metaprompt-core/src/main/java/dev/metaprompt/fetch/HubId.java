package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.util.Optional;

/**
 * A model's name on the hub.
 *
 * @param organisation before the slash
 * @param name behind it
 * @param revision a branch, tag or commit, where the user names one
 */
record HubId(String organisation, String name, Optional<String> revision) {
    private static final String WORD = "[A-Za-z0-9_][A-Za-z0-9._-]{0,95}";

    /**
     * Reads {@code org/name} or {@code org/name@revision}.
     *
     * @throws InvalidInputException if it is neither, or could lead out of a folder
     */
    static HubId parse(String text) {
        int at = text.indexOf('@');
        String path = at < 0 ? text : text.substring(0, at);
        Optional<String> revision = at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
        // two hyphens divide organisation and name in folder names, so the hub has none in either
        boolean good = path.matches(WORD + "/" + WORD)
                && !path.contains("..")
                && !path.contains("--")
                && !path.endsWith(".")
                && revision.map(HubId::isRevision).orElse(true);
        if (!good) {
            throw new InvalidInputException("model: " + Quoted.of(text)
                    + " is no hub id. Allowed are org/name and org/name@revision with letters, digits, '-', '_' and"
                    + " '.', for example openai/clip-vit-base-patch16.");
        }
        String[] parts = path.split("/");
        return new HubId(parts[0], parts[1], revision);
    }

    private static boolean isRevision(String text) {
        return text.matches(WORD + "(/" + WORD + "){0,5}") && !text.contains("..") && !text.contains("./");
    }

    /** Whether a revision is a whole commit and so never moves. */
    static boolean isCommit(String revision) {
        return revision.matches("[0-9a-f]{40}");
    }

    /** {@code org/name}. */
    String path() {
        return organisation + "/" + name;
    }

    /** {@code org--name}. */
    String folder() {
        return organisation + "--" + name;
    }

    @Override
    public String toString() {
        return path() + revision.map(text -> "@" + text).orElse("");
    }
}
