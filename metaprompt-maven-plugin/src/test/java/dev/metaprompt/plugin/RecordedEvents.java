package dev.metaprompt.plugin;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a child told, as text. */
final class RecordedEvents implements ChildEvents {
    final List<String> heard = new CopyOnWriteArrayList<>();

    /** Runs at every event. */
    Runnable onHeard = () -> {};

    private void add(String text) {
        onHeard.run();
        heard.add(text);
    }

    @Override
    public void phase(String text) {
        add("phase " + text);
    }

    @Override
    public void update(String what, long done, long total, String detail) {
        add("update " + what + " " + done + "/" + total + " " + detail);
    }

    @Override
    public void result(List<String> lines) {
        add("result " + lines);
    }
}
