package dev.metaprompt.plugin;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Removes the requests and arguments of goals that were killed, which may hold passwords. Only folders of this user are
 * looked at, beside a new one; what cannot be read or removed is left to the next goal.
 */
final class Leftovers {
    /** Longer than a goal needs to have its files read: one on another machine cannot be seen to live. */
    private static final Duration IN_USE = Duration.ofMinutes(1);

    private static final long MOST_BYTES = 1 << 24;
    private final WorkFolder mine;

    Leftovers(WorkFolder mine) {
        this.mine = mine;
    }

    /** Looks through the folders beside the new one whose names start so. */
    void remove(String prefix) {
        try (DirectoryStream<Path> folders =
                Files.newDirectoryStream(mine.path().getParent(), folder -> named(folder, prefix))) {
            for (Path folder : folders) {
                removeIn(folder);
            }
        } catch (IOException e) {
            // Some other goal sees to it.
        }
    }

    private boolean named(Path folder, String prefix) {
        return folder.getFileName().toString().startsWith(prefix) && !folder.equals(mine.path());
    }

    private void removeIn(Path folder) {
        try {
            WorkFolder other = new WorkFolder(folder, false);
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && isOurs(folder) && abandoned(other)) {
                other.removeSecrets();
            }
        } catch (IOException | RuntimeException e) {
            // Nothing that this plugin wrote, or it is being removed at this moment.
        }
    }

    private boolean isOurs(Path folder) throws IOException {
        return !folder.getFileSystem().supportedFileAttributeViews().contains("owner")
                || Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(mine.path()));
    }

    private static boolean abandoned(WorkFolder other) throws IOException {
        Path request = other.request();
        if (!Files.isRegularFile(request, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        Instant written = Files.getLastModifiedTime(request).toInstant();
        return written.isBefore(Instant.now().minus(IN_USE)) && !writerLives(request, written);
    }

    private static boolean writerLives(Path request, Instant written) throws IOException {
        if (Files.size(request) > MOST_BYTES) {
            return false;
        }
        JsonObject json = new Gson().fromJson(Files.readString(request), JsonObject.class);
        long pid = json.get(WorkFolder.PARENT_PID).getAsLong();
        // A process that is younger than the request has got its number from the one that wrote it.
        return ProcessHandle.of(pid)
                .map(process -> process.info().startInstant().orElse(Instant.EPOCH))
                .map(started -> started.minusSeconds(5).isBefore(written))
                .orElse(false);
    }
}
