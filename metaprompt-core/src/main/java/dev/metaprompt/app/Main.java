package dev.metaprompt.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The forked JVM's entry point: reads the request, runs the goal's command, reports how it ended. */
public final class Main {
    /** Less than the parent waits before it ends the process by force. */
    private static final Duration GRACE = Duration.ofSeconds(9);

    private Main() {}

    /**
     * Runs a goal of this version.
     *
     * @param args the request file's path
     * @throws IOException if the request cannot be read or the parent does not answer
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            throw new IllegalArgumentException("one argument expected: the request file");
        }
        System.exit(run(Path.of(args[0]), Commands.standard()));
    }

    /**
     * Runs one request in this JVM, which is meant for nothing else: signals are handled and the process ends when
     * its parent does.
     *
     * @param requestFile what the plugin wrote
     * @param commands the registry to choose from
     * @return the exit code: 0 success, 1 fault, 2 bad input, 130 interrupted
     * @throws IOException if the request cannot be read or the parent does not answer
     */
    public static int run(Path requestFile, Commands commands) throws IOException {
        ForkRequest request = ForkRequest.read(requestFile);
        // Before the first connection, as the JDK reads some of it once.
        List<String> warnings = request.network().apply(System.getenv());
        Interruption interruption =
                new Interruption(GRACE, () -> Runtime.getRuntime().halt(Outcome.Kind.INTERRUPTED.exitCode()));
        try (ParentLink link = ParentLink.connect(request)) {
            link.listen(interruption::request);
            watchParent(request.parentPid(), interruption);
            watchSignals(interruption);
            CommandContext context = new ForkContext(request, link, interruption);
            warnings.forEach(text -> link.phase("warning: " + text));
            Outcome outcome = execute(commands, context, interruption);
            link.end(outcome);
            // Before the link closes, whose end would otherwise look like the parent's.
            interruption.commandEnded();
            return outcome.kind().exitCode();
        }
    }

    private static Outcome execute(Commands commands, CommandContext context, Interruption interruption) {
        try {
            Command command = commands.create(context.goal())
                    .orElseThrow(() -> new IllegalStateException(
                            "no command for goal " + context.goal() + ", only for " + commands.goals()));
            command.run(context);
        } catch (Throwable t) {
            // Whatever a command meets while it winds up after an interruption is a consequence of that.
            return interruption.requested() ? Outcome.interrupted() : Outcome.of(t);
        }
        return interruption.requested() ? Outcome.interrupted() : Outcome.success();
    }

    private static void watchParent(long pid, Interruption interruption) {
        ProcessHandle.of(pid)
                .ifPresentOrElse(parent -> parent.onExit().thenRun(interruption::request), interruption::request);
    }

    /** A signal (Ctrl-C reaches the child too) starts the JVM's end, which waits here for the command. */
    private static void watchSignals(Interruption interruption) {
        Thread hook = new Thread(
                () -> {
                    interruption.request();
                    interruption.awaitCommand();
                },
                "metaprompt-signal");
        Runtime.getRuntime().addShutdownHook(hook);
    }
}
