package dev.metaprompt.app;

import com.google.gson.Gson;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.CellLaunch;
import dev.metaprompt.experiment.CellProcesses;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** How this process starts others of its kind that compute cells: same Java, same class path, same arguments. */
final class CellProcessCommand {
    private CellProcessCommand() {}

    /**
     * Returns the processes that compute cells on this machine.
     *
     * @param context where and with what facts
     * @param threads threads of computation of each that computes cells which say nothing of them
     * @param machine what was said of this machine
     */
    static CellProcesses processes(CommandContext context, int threads, List<RawOption> machine) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        requireWritable(folder);
        Map<String, String> facts = Map.copyOf(context.facts());
        return new CellProcesses(
                () -> launch(folder),
                context.baseDirectory(),
                (plan, cell, run) -> new Gson()
                        .toJson(new CellWorker.Setup(
                                context.baseDirectory().toString(),
                                facts,
                                CellOptions.threads(plan, cell, run).orElse(threads),
                                machine,
                                context.network())));
    }

    /** Returns the threads of each of some processes that share this machine. */
    static int threads(OptionalInt asked, int processes) {
        return asked.orElse(Math.max(1, Runtime.getRuntime().availableProcessors() / processes));
    }

    private static void requireWritable(Path folder) {
        if (!Files.isWritable(folder)) {
            throw new InvalidInputException("the temporary folder " + folder
                    + " cannot be written. Name another with -Dmetaprompt.fork.jvmArgs=-Djava.io.tmpdir=<folder>.");
        }
    }

    private static CellLaunch launch(Path folder) {
        try {
            Path file = ArgumentFile.write(folder, arguments());
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            return new CellLaunch(List.of(java, "@" + file), () -> remove(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The next experiment removes it.
            file.toFile().deleteOnExit();
        }
    }

    private static List<String> arguments() {
        // A debugger's agent would want the port that is taken.
        List<String> arguments = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-agentlib:") && !argument.startsWith("-Xrunjdwp"))
                .collect(Collectors.toCollection(ArrayList::new));
        arguments.add("-cp");
        arguments.add(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator)));
        arguments.add(CellWorker.class.getName());
        return arguments;
    }
}
