package dev.metaprompt.experiment;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One process that computes cells, one after the other. Used by one thread at a time. */
final class CellProcess implements AutoCloseable {
    /** More than the process itself takes to wind up. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** More than a signal to all processes of a console takes to become a request to stop here. */
    private static final Duration SIGNAL = Duration.ofSeconds(2);

    private static final Gson GSON = new Gson();
    private static final Optional<CellEvent> GONE = Optional.empty();

    private final Process process;
    private final Runnable argumentsRead;
    private final String setup;
    private final BufferedWriter requests;
    private final BlockingQueue<Optional<CellEvent>> events = new LinkedBlockingQueue<>();
    private volatile boolean closing;

    private CellProcess(Process process, Runnable argumentsRead, String setup) {
        this.process = process;
        this.setup = setup;
        this.argumentsRead = argumentsRead;
        this.requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a process.
     *
     * @param launch its command
     * @param directory where it starts
     * @param setup the first line it reads
     */
    static CellProcess start(CellLaunch launch, Path directory, String setup) throws IOException {
        CellProcess started = new CellProcess(process(launch, directory), launch.argumentsRead(), setup);
        Thread reader = new Thread(started::hear, "metaprompt-cell-" + started.process.pid());
        reader.setDaemon(true);
        reader.start();
        try {
            started.send(setup);
        } catch (IOException e) {
            started.close();
            throw e;
        }
        return started;
    }

    private static Process process(CellLaunch launch, Path directory) throws IOException {
        try {
            return new ProcessBuilder(launch.command())
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            launch.argumentsRead().run();
            throw e;
        }
    }

    /** Returns the first line it was sent. */
    String setup() {
        return setup;
    }

    boolean alive() {
        return process.isAlive();
    }

    private void hear() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            boolean first = true;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (first) {
                    argumentsRead.run();
                    first = false;
                }
                if (line.startsWith(CellEvent.MARK)) {
                    add(line.substring(CellEvent.MARK.length()));
                }
            }
        } catch (IOException e) {
            // A killed process may break its pipe instead of closing it: it is gone either way.
        } finally {
            argumentsRead.run();
            events.add(GONE);
        }
    }

    private void add(String json) {
        try {
            Optional.ofNullable(GSON.fromJson(json, CellEvent.class))
                    .ifPresent(event -> events.add(Optional.of(event)));
        } catch (JsonParseException e) {
            // A line that native code wrote into, or that the process's end cut off; the end event decides.
        }
    }

    CellEnd compute(CellRequest request, CellWatcher watcher) {
        try {
            send(GSON.toJson(request));
        } catch (IOException e) {
            return crashed();
        }
        try {
            return follow(watcher);
        } catch (InterruptedException e) {
            CellEnd end = stop();
            Thread.currentThread().interrupt();
            return end;
        }
    }

    private CellEnd follow(CellWatcher watcher) throws InterruptedException {
        while (true) {
            Optional<CellEvent> event = events.take();
            if (event.isEmpty()) {
                return crashed();
            }
            if (event.get().end() != null) {
                boolean interrupted = event.get().end().kind() == CellEnd.Kind.INTERRUPTED;
                return interrupted && !closing
                        ? stoppedFromOutside()
                        : event.get().end();
            }
            watcher.progress(
                    event.get().what(),
                    event.get().done(),
                    event.get().total(),
                    event.get().detail());
        }
    }

    private CellEnd stop() {
        long deadline = System.nanoTime() + GRACE.toNanos();
        try {
            send(CellRequest.INTERRUPT);
            while (true) {
                Optional<CellEvent> event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (event == null || event.isEmpty()) {
                    break;
                }
                if (event.get().end() != null) {
                    return event.get().end();
                }
            }
        } catch (IOException | InterruptedException e) {
            // It hears no more, or nobody waits any longer: it is ended by force.
        }
        process.destroyForcibly();
        return new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped");
    }

    /**
     * Nobody here has asked it to stop. A signal to this process too is about to interrupt this thread; one to that
     * process alone has ended it, like any other way to end a process. It computes nothing more, even if it lives on.
     */
    private CellEnd stoppedFromOutside() throws InterruptedException {
        try {
            Thread.sleep(SIGNAL.toMillis());
        } finally {
            process.destroyForcibly();
        }
        process.waitFor();
        return closing
                ? new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped")
                : new CellEnd(CellEnd.Kind.CRASHED, "its process was stopped from outside, by a signal");
    }

    private CellEnd crashed() {
        try {
            int code = process.waitFor();
            return new CellEnd(CellEnd.Kind.CRASHED, "its process ended without a word, exit code " + code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped");
        }
    }

    private void send(String line) throws IOException {
        requests.write(line);
        requests.write('\n');
        requests.flush();
    }

    /** Lets the process end: at the end of its input it stops what it does. */
    @Override
    public void close() {
        closing = true;
        try {
            requests.close();
        } catch (IOException e) {
            // it is gone already
        }
        try {
            if (process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
