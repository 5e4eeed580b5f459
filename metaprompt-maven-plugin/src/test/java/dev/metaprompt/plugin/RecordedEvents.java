package dev.metaprompt.plugin;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a child told, as text. */
final class RecordedEvents implements ChildEvents {
    final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void phase(String text) {
        heard.add("phase " + text);
    }

    @Override
    public void update(String what, long done, long total, String detail) {
        heard.add("update " + what + " " + done + "/" + total + " " + detail);
    }

    @Override
    public void result(List<String> lines) {
        heard.add("result " + lines);
    }
}
