package dev.metaprompt.tracking;

import java.util.HashSet;
import java.util.Set;
import org.mlflow.tracking.MlflowClientException;

/** Counts the pages of a server's list, which may have no end. */
final class Pages {
    private static final int MOST = 1000;
    private static final int LONGEST_TOKEN = 1 << 16;

    private final Set<String> tokens = new HashSet<>();

    /**
     * Tells whether there is a page to ask for.
     *
     * @param token of the next page; empty at the beginning and at the end
     * @param within whether what has come so far is within its limit
     * @throws MlflowClientException if the list has no end
     */
    boolean goOn(String token, boolean within) {
        boolean first = tokens.isEmpty();
        if (!within || token.length() > LONGEST_TOKEN || tokens.size() >= MOST) {
            throw new MlflowClientException("a list without end");
        }
        if (!tokens.add(token) && !token.isEmpty()) {
            throw new MlflowClientException("a list that begins again");
        }
        return first || !token.isEmpty();
    }
}
