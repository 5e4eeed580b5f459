package dev.metaprompt.hostile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Every reader of files. */
final class Readers {
    private final List<Reader> readers = new ArrayList<>();

    private Readers() {}

    static List<Reader> all() {
        Readers all = new Readers();
        ConfigReaders.addTo(all);
        DataReaders.addTo(all);
        ModelReaders.addTo(all);
        RunReaders.addTo(all);
        FetchReaders.addTo(all);
        return all.readers;
    }

    /** Adds a reader of a file that needs nothing beside it. */
    void add(String name, String file, Callable<List<byte[]>> contents, Reader.Step read) {
        add(name, file, root -> {}, contents, read);
    }

    void add(String name, String file, Reader.Step prepare, Callable<List<byte[]>> contents, Reader.Step read) {
        Reader.Step whole = root -> {
            Files.createDirectories(root.resolve(file).getParent());
            prepare.take(root);
        };
        readers.add(new Reader(name, file, whole, contents, read));
    }

    /** Joins contents. */
    @SafeVarargs
    static List<byte[]> both(List<byte[]>... lists) {
        List<byte[]> all = new ArrayList<>();
        for (List<byte[]> list : lists) {
            all.addAll(list);
        }
        return all;
    }

    /** A folder of class folders with three files each that have the names of images. */
    static void images(Path root) throws java.io.IOException {
        for (String name : List.of("a", "b")) {
            Path images = Files.createDirectories(root.resolve(name));
            for (int i = 1; i < 4; i++) {
                Files.write(images.resolve(i + ".jpg"), new byte[] {1});
            }
        }
    }
}
