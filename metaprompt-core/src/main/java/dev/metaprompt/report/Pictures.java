package dev.metaprompt.report;

import dev.metaprompt.io.Inside;
import java.nio.file.Path;
import java.util.List;

/**
 * Whose pictures a page may hold. A record says where its data set lay, but it may be somebody else's record: it must not
 * choose which of this machine's files a page shows.
 *
 * @param folders what this machine's user named as places of data sets, caches and projects
 */
public record Pictures(List<Path> folders) {
    /** Pages without pictures. */
    public static final Pictures NONE = new Pictures(List.of());

    /** Copies the list. */
    public Pictures {
        folders = List.copyOf(folders);
    }

    boolean mayShow(Path dataset) {
        return Inside.isBelow(dataset, folders);
    }
}
