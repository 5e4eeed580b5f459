package dev.metaprompt.plugin;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * One child: started, listened to, and ended with its descendants whatever happens here.
 *
 * <p>Ctrl-C and a termination of Maven first ask the child to wind up, so that it can leave its record in order.
 */
final class ForkedJvm {
    /** Longer than the child gives its command. */
    private static final long WIND_UP_SECONDS = 11;

    /** Time from the process's start to its first word: much, for machines that do many things at once. */
    private static final Duration START = Duration.ofMinutes(5);

    private static final int POLL_MILLIS = 200;
    private final WorkFolder folder;
    private final ForkLog log;
    private final Duration start;
    private Process process;
    private ChildLink link;

    /**
     * Creates it.
     *
     * @param folder for the request and the logs
     * @param log takes the child's output
     */
    ForkedJvm(WorkFolder folder, ForkLog log) {
        this(folder, log, START);
    }

    /**
     * As above.
     *
     * @param start how long the child may take to report, unless it waits for a debugger
     */
    ForkedJvm(WorkFolder folder, ForkLog log, Duration start) {
        this.folder = folder;
        this.log = log;
        this.start = start;
    }

    /**
     * What to start.
     *
     * @param java the executable
     * @param arguments of the JVM, with main class and request file
     * @param environment added to this process's
     * @param directory the child's working directory
     */
    record Launch(Path java, List<String> arguments, Map<String, String> environment, Path directory) {
        /** For logs: names alone, as a value may be a password. */
        @Override
        public String toString() {
            return java + " in " + directory + " with " + JavaArguments.names(arguments) + ", variables "
                    + new TreeSet<>(environment.keySet());
        }
    }

    /**
     * How the process ended.
     *
     * @param said its last word; empty if it crashed
     * @param exitCode of the process
     */
    record Ended(Optional<ChildEnd> said, int exitCode) {}

    /**
     * Runs the child to its end.
     *
     * @param launch what to start
     * @param request goal, options, baseDirectory and facts; completed here
     * @param events hears the child
     * @throws InterruptedException if this thread is interrupted; the child has ended then
     */
    Ended run(Launch launch, Map<String, Object> request, ChildEvents events) throws IOException, InterruptedException {
        try (ChildEntrance entrance = ChildEntrance.open()) {
            writeRequest(request, entrance);
            Thread hook = new Thread(this::windUp, "metaprompt-wind-up");
            start(launch);
            addHook(hook);
            try {
                Optional<ChildEnd> said = connected(entrance, launch) ? hear(events) : Optional.empty();
                return new Ended(said, awaitExit());
            } catch (InterruptedException e) {
                windUp();
                throw e;
            } finally {
                endByForce();
                removeHook(hook);
                closeLink();
            }
        } finally {
            removeSecrets();
        }
    }

    private void writeRequest(Map<String, Object> request, ChildEntrance entrance) throws IOException {
        Map<String, Object> complete = new LinkedHashMap<>(request);
        complete.put(WorkFolder.PARENT_PID, ProcessHandle.current().pid());
        complete.put("port", entrance.port());
        complete.put("token", entrance.token());
        folder.writeRequest(new Gson().toJson(complete));
    }

    private void start(Launch launch) throws IOException {
        folder.writeArguments(launch.arguments());
        ProcessBuilder builder = new ProcessBuilder(launch.java().toString(), "@" + folder.arguments());
        builder.directory(launch.directory().toFile()).redirectErrorStream(true);
        Waiting.choose(builder.environment());
        Locales.here().choose(builder.environment());
        // glibc keeps freed memory apart for every group of threads; the work is done by one thread at a time.
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "1");
        builder.environment().putAll(launch.environment());
        process = builder.start();
        process.getOutputStream().close();
        log.follow(process.getInputStream());
    }

    /** Waits for the child to report, as long as it lives and has time. It has read its files then. */
    private boolean connected(ChildEntrance entrance, Launch launch) throws IOException, InterruptedException {
        long began = System.nanoTime();
        boolean patient = JavaArguments.waitForDebugger(launch.arguments());
        boolean alive = true;
        while (alive) {
            // Looked at before the waiting: a child that ended at once may have reported all the same.
            alive = process.isAlive();
            Optional<Socket> child = entrance.await(POLL_MILLIS);
            if (child.isPresent()) {
                connect(new ChildLink(child.get()));
                return true;
            }
            if (!patient && System.nanoTime() - began > start.toNanos()) {
                throw new IOException(
                        "it has not reported within " + start.toSeconds() + " s of its start; see " + folder.log());
            }
        }
        return false;
    }

    private void connect(ChildLink child) {
        synchronized (this) {
            link = child;
        }
        removeSecrets();
    }

    /** Listens in a thread of its own: reading a socket cannot be interrupted, waiting for the thread can. */
    private Optional<ChildEnd> hear(ChildEvents events) throws IOException, InterruptedException {
        FutureTask<Optional<ChildEnd>> listening = new FutureTask<>(() -> link.hear(events));
        Thread thread = new Thread(listening, "metaprompt-events");
        thread.setDaemon(true);
        thread.start();
        try {
            return listening.get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "the forked JVM's events cannot be shown: " + FaultWords.of(e.getCause()), e.getCause());
        }
    }

    private int awaitExit() throws InterruptedException {
        if (!process.waitFor(WIND_UP_SECONDS, TimeUnit.SECONDS)) {
            endByForce();
        }
        return process.waitFor();
    }

    /** Asks the child to end, waits some seconds, then ends it and its descendants. */
    private void windUp() {
        try {
            synchronized (this) {
                if (link != null) {
                    link.interrupt();
                } else {
                    process.destroy();
                }
            }
            process.waitFor(WIND_UP_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            log.add("the forked JVM no longer listens: " + FaultWords.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            endByForce();
            removeSecrets();
        }
    }

    private void removeSecrets() {
        try {
            folder.removeSecrets();
        } catch (IOException e) {
            log.add("cannot be removed: " + FaultWords.of(e));
        }
    }

    private void endByForce() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void addHook(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            hook.start();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This JVM is ending: the hook is running, or has run.
        }
    }

    private synchronized void closeLink() {
        try {
            if (link != null) {
                link.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Describes a child that ended without a word. */
    String crashMessage(String goal, int exitCode, String inProgress) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder("The forked JVM of ")
                .append(goal)
                .append(" ended without a word, exit code ")
                .append(exitCode)
                .append(inProgress.isEmpty() ? "" : ", during: " + inProgress)
                .append(".");
        List<String> tail = log.tail();
        if (tail.stream().anyMatch(line -> line.contains("OutOfMemoryError"))) {
            text.append(" It ran out of memory: give it more, for example -Dmetaprompt.fork.jvmArgs=-Xmx8g.");
        }
        for (Path report : folder.errorFiles()) {
            text.append(" JVM error report: ").append(report).append(".");
        }
        text.append(" Log: ").append(folder.log()).append(tail.isEmpty() ? " (empty)" : ", which ends with:");
        tail.forEach(line -> text.append(System.lineSeparator()).append("  ").append(line));
        return text.toString();
    }
}
