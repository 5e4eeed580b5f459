package dev.metaprompt.plugin;

import java.util.List;

/** Hears what the child tells while it works. */
interface ChildEvents {
    /** A phase began. */
    void phase(String text);

    /** A counted piece of work went on. */
    void update(String what, long done, long total, String detail);

    /** The result, shown even when Maven is quiet. */
    void result(List<String> lines);
}
