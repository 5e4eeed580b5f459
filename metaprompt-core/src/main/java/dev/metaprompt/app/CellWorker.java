package dev.metaprompt.app;

import com.google.gson.Gson;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellEvent;
import dev.metaprompt.experiment.CellRequest;
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
    private final BlockingQueue<Optional<CellRequest>> requests = new LinkedBlockingQueue<>();
    private volatile Interruption interruption = newInterruption();
    private volatile boolean ended;
    private Setup setup;

    /**
     * What holds for all cells of the process: the first line of its input.
     *
     * @param directory where relative paths in options start
     * @param facts as in {@link CommandContext#facts()}
     * @param threads threads of computation, for the life of the process
     * @param machine what was said of this machine
     */
    record Setup(String directory, Map<String, String> facts, int threads, List<RawOption> machine) {}

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
        setup = GSON.fromJson(input.readLine(), Setup.class);
        Thread listener = new Thread(() -> listen(input), "metaprompt-requests");
        listener.setDaemon(true);
        listener.start();
        watchSignals();
        for (Optional<CellRequest> next = requests.take(); next.isPresent(); next = requests.take()) {
            CellEnd end = compute(next.get());
            Interruption done = interruption;
            interruption = newInterruption();
            if (ended) {
                interruption.request();
            }
            done.commandEnded();
            send(CellEvent.end(end));
        }
        interruption.commandEnded();
    }

    private void listen(BufferedReader input) {
        try {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.equals(CellRequest.INTERRUPT)) {
                    interruption.request();
                } else {
                    requests.add(Optional.of(GSON.fromJson(line, CellRequest.class)));
                }
            }
        } catch (IOException e) {
            // the parent is gone
        }
        ended = true;
        requests.clear();
        requests.add(Optional.empty());
        interruption.request();
    }

    private void watchSignals() {
        Thread hook = new Thread(
                () -> {
                    if (!ended) {
                        Interruption current = interruption;
                        current.request();
                        current.awaitCommand();
                    }
                },
                "metaprompt-signal");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private CellEnd compute(CellRequest request) {
        Interruption current = interruption;
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
                CellOptions.of(request, setup.machine()),
                Path.of(setup.directory()),
                setup.facts(),
                setup.threads(),
                progress,
                current);
        return new CellCommand(request).run(context);
    }

    private synchronized void send(CellEvent event) {
        events.println(CellEvent.MARK + GSON.toJson(event));
        events.flush();
    }
}
