package dev.metaprompt.app;

import com.google.gson.Gson;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.CellProcesses;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
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
     * @param threads threads of computation of each
     * @param machine what was said of this machine
     */
    static CellProcesses processes(CommandContext context, int threads, List<RawOption> machine) {
        CellWorker.Setup setup =
                new CellWorker.Setup(context.baseDirectory().toString(), Map.copyOf(context.facts()), threads, machine);
        return new CellProcesses(command(), context.baseDirectory(), new Gson().toJson(setup));
    }

    /** Returns the threads of each of some processes that share this machine. */
    static int threads(OptionalInt asked, int processes) {
        return asked.orElse(Math.max(1, Runtime.getRuntime().availableProcessors() / processes));
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // A debugger's agent would want the port that is taken.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-agentlib:") && !argument.startsWith("-Xrunjdwp"))
                .forEach(command::add);
        command.add("@" + classPathFile());
        command.add(CellWorker.class.getName());
        return command;
    }

    // A class path of many jars is longer than some systems let a command line be.
    private static Path classPathFile() {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        try {
            Path file = Files.createTempFile("metaprompt-cells", ".args");
            file.toFile().deleteOnExit();
            String quoted = classPath.replace("\\", "\\\\").replace("\"", "\\\"");
            // The launcher reads it in the encoding of file names.
            Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
            return Files.writeString(file, "-cp\n\"" + quoted + "\"\n", charset);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "the temporary folder " + System.getProperty("java.io.tmpdir") + " cannot be written ("
                            + e.getMessage()
                            + "). Name another with -Dmetaprompt.fork.jvmArgs=-Djava.io.tmpdir=<folder>.",
                    e);
        }
    }
}
