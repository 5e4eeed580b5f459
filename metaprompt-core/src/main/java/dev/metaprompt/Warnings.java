package dev.metaprompt;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Hears how a run's model and data are opened, and keeps the warnings for the run's record: what was assumed, and what
 * was left out. All is passed on to another progress, a warning once however often it is said.
 */
public final class Warnings implements Progress {
    private static final String BEGIN = "warning: ";

    private final Progress progress;
    private final Set<String> sentences = new LinkedHashSet<>();

    /**
     * Begins without a warning.
     *
     * @param progress hears everything
     */
    public Warnings(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void phase(String text) {
        if (!text.startsWith(BEGIN) || add(text.substring(BEGIN.length()))) {
            progress.phase(text);
        }
    }

    private synchronized boolean add(String sentence) {
        return sentences.add(sentence);
    }

    @Override
    public void update(String what, long done, long total, String detail) {
        progress.update(what, done, total, detail);
    }

    /**
     * Returns the warnings so far.
     *
     * @return each a line without the word warning, in the order they were said
     */
    public synchronized List<String> sentences() {
        return List.copyOf(sentences);
    }
}
