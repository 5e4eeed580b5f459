package dev.metaprompt.data;

import dev.metaprompt.Progress;
import java.util.ArrayList;
import java.util.List;

/** Keeps the lines that a user would read. */
final class Told implements Progress {
    final List<String> lines = new ArrayList<>();

    @Override
    public void phase(String text) {
        lines.add(text);
    }

    @Override
    public void update(String what, long done, long total, String detail) {}
}
