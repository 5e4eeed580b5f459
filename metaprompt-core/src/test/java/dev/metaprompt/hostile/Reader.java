package dev.metaprompt.hostile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A reader of the core, and files for it.
 *
 * @param name what it reads
 * @param file where the file lies below a folder of its own
 * @param prepare writes what must lie beside it
 * @param contents hostile contents, beside those that every reader gets
 * @param read reads the file all the way
 */
record Reader(String name, String file, Step prepare, Callable<List<byte[]>> contents, Step read) {
    /** Something done with a path: the folder, or the file in it. */
    @FunctionalInterface
    interface Step {
        void take(Path path) throws Exception;
    }

    /** All contents: nothing but the texts, and those of the reader's own kind. */
    List<byte[]> all() throws Exception {
        List<byte[]> all = new ArrayList<>(Contents.raw("§", "{\"§\"", "§\n§\n", "\"§", "[§", "{\"a\": §", "a/§"));
        all.add(new byte[0]);
        all.add(new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2});
        all.addAll(contents.call());
        return all;
    }

    @Override
    public String toString() {
        return name;
    }
}
