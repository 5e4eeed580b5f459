package dev.metaprompt.app;

import com.google.gson.Gson;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellEvent;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.io.Network;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The entry point of a process that computes cells of an experiment, one after the other: a line of {@link CellRequest}
 * each on standard input, lines of {@link CellEvent} on standard output. It ends with its input.
 */
public final class CellWorker {
    private static final Duration GRACE = Duration.ofSeconds(8);
    private static final Gson GSON = new Gson();

    private final PrintStream events;
    private final BlockingQueue<Optional<Job>> jobs = new LinkedBlockingQueue<>();

    /** The last cell asked for: what is heard next, a line or a signal, can only mean it. */
    private volatile Interruption last = newInterruption();

    private volatile boolean ended;
    private Setup setup;

    /** A cell, and the way it is asked to stop: an interruption that comes when it has ended means no other cell. */
    private record Job(CellRequest request, Interruption interruption) {}

    /**
     * What holds for all cells of the process: the first line of its input.
     *
     * @param directory where relative paths in options start
     * @param facts as in {@link CommandContext#facts()}
     * @param threads threads of computation, for the life of the process
     * @param machine what was said of this machine
     * @param network its way to the network
     */
    record Setup(String directory, Map<String, String> facts, int threads, List<RawOption> machine, Network network) {
        Setup {
            network = network == null ? Network.NONE : network;
        }
    }

    private CellWorker(PrintStream events) {
        this.events = events;
    }

    /**
     * Computes what it is asked until its input ends.
     *
     * @param args none
     * @throws IOException if the first line cannot be read
     * @throws InterruptedException never: nobody interrupts it
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        CellWorker worker =
                new CellWorker(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        worker.run(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        System.exit(0);
    }

    private static Interruption newInterruption() {
        return new Interruption(GRACE, () -> Runtime.getRuntime().halt(Outcome.Kind.INTERRUPTED.exitCode()));
    }

    private void run(BufferedReader input) throws IOException, InterruptedException {
        // Any line says that the arguments' file has been read.
        events.println("ready");
        last.commandEnded();
        setup = GSON.fromJson(input.readLine(), Setup.class);
        // What cannot be used was said by the process that asks.
        setup.network().apply(System.getenv());
        Thread listener = new Thread(() -> listen(input), "metaprompt-requests");
        listener.setDaemon(true);
        listener.start();
        watchSignals();
        for (Optional<Job> next = jobs.take(); next.isPresent(); next = jobs.take()) {
            send(CellEvent.end(compute(next.get())));
            // A signal waits for this: the process ends once the cell's end was told.
            next.get().interruption().commandEnded();
        }
    }

    private void listen(BufferedReader input) {
        try {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.equals(CellRequest.INTERRUPT)) {
                    last.request();
                } else {
                    last = newInterruption();
                    jobs.add(Optional.of(new Job(GSON.fromJson(line, CellRequest.class), last)));
                }
            }
        } catch (IOException e) {
            // the parent is gone
        }
        ended = true;
        jobs.clear();
        jobs.add(Optional.empty());
        last.request();
    }

    private void watchSignals() {
        Thread hook = new Thread(
                () -> {
                    if (!ended) {
                        Interruption current = last;
                        current.request();
                        current.awaitCommand();
                    }
                },
                "metaprompt-signal");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private CellEnd compute(Job job) {
        Progress progress = new LinkProgress(
                new Progress() {
                    @Override
                    public void phase(String text) {}

                    @Override
                    public void update(String what, long done, long total, String detail) {
                        send(CellEvent.progress(what, done, total, detail));
                    }
                },
                System::nanoTime);
        CellContext context = new CellContext(
                CellOptions.of(job.request(), setup.machine()),
                Path.of(setup.directory()),
                setup.facts(),
                setup.threads(),
                progress,
                job.interruption());
        return new CellCommand(job.request()).run(context);
    }

    private synchronized void send(CellEvent event) {
        events.println(CellEvent.MARK + GSON.toJson(event));
        events.flush();
    }
}
