package dev.metaprompt.tracking;

import dev.metaprompt.io.PlainFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file to be sent: opened once, so that nobody can put another in its place between two attempts, and as long as it was
 * then, even if it grows.
 */
final class OpenedFile implements AutoCloseable {
    private final FileChannel channel;
    private final long size;

    /**
     * Opens it.
     *
     * @throws IOException if it is missing, a link or otherwise no regular file, or cannot be read
     */
    OpenedFile(Path file) throws IOException {
        channel = PlainFiles.open(file, StandardOpenOption.READ);
        try {
            size = channel.size();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Returns its size in bytes. */
    long size() {
        return size;
    }

    /** Returns what sends it, from its beginning each time. */
    BodyPublisher publisher() {
        return size == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(Content::new), size);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Reads from its beginning; to close it leaves the file open. */
    private final class Content extends InputStream {
        private long at;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int most = (int) Math.min(length, size - at);
            if (most == 0) {
                return length == 0 ? 0 : -1;
            }
            int count = channel.read(ByteBuffer.wrap(into, from, most), at);
            at += Math.max(0, count);
            return count;
        }
    }
}
