package dev.metaprompt.app;

import dev.metaprompt.TestJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A training in a process of its own: an engine reads its number of threads once, and with another number the last bits
 * are others.
 */
final class TrainProcess {
    private TrainProcess() {}

    /**
     * Trains, and waits for the end.
     *
     * @param folder where the training is started
     * @param keysAndValues as on the command line
     */
    static void run(Path folder, String... keysAndValues) throws IOException {
        String[] arguments = Stream.concat(Stream.of(folder.toString()), Arrays.stream(keysAndValues))
                .toArray(String[]::new);
        ProcessBuilder builder = TestJvm.of(TrainProcess.class, List.of(), arguments);
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the training ended with status " + process.exitValue());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IllegalStateException(e);
        }
    }

    /** Trains in this process; the arguments are the folder, then keys and values. */
    public static void main(String[] arguments) {
        String[] options = Arrays.copyOfRange(arguments, 1, arguments.length);
        new TrainCommand().run(new TestContext(Path.of(arguments[0]), options));
    }
}
