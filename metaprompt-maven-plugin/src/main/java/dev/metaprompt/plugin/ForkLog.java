package dev.metaprompt.plugin;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Takes in what the child and its native libraries print: into {@code fork.log} and to the debug log. */
final class ForkLog implements Closeable {
    /** Enough for the whole of a crashed JVM's own words. */
    private static final int TAIL = 20;

    private final BufferedWriter writer;
    private final Consumer<String> debug;
    private final Deque<String> tail = new ArrayDeque<>();
    private Thread pump;

    ForkLog(Path file, Consumer<String> debug) throws IOException {
        this.writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        this.debug = debug;
    }

    /** Starts to read a process's output; the process blocks if nobody does. */
    void follow(InputStream output) {
        pump = new Thread(() -> read(output), "metaprompt-fork-log");
        pump.setDaemon(true);
        pump.start();
    }

    private void read(InputStream output) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            debug.accept("the forked JVM's output ended: " + FaultWords.of(e));
        }
    }

    /** Adds a line. A full disk must not stop the reading, or the child would hang. */
    synchronized void add(String line) {
        debug.accept(line);
        tail.addLast(line);
        if (tail.size() > TAIL) {
            tail.removeFirst();
        }
        try {
            writer.write(line);
            writer.newLine();
            writer.flush();
        } catch (IOException e) {
            debug.accept("fork.log cannot be written: " + FaultWords.of(e));
        }
    }

    /** Returns the last lines once the process has ended. */
    List<String> tail() throws InterruptedException {
        awaitEnd();
        synchronized (this) {
            return List.copyOf(tail);
        }
    }

    /** Waits until all output is read, but not for a grandchild that keeps the pipe open. */
    private void awaitEnd() throws InterruptedException {
        if (pump != null) {
            pump.join(2000);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            writer.close();
        }
    }
}
