package dev.metaprompt.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

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
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-DOPT_OUT_TRACKING=true",
                "-Dai.djl.offline=true",
                "-DRUST_FLAVOR=cpu",
                "-cp",
                System.getProperty("java.class.path"),
                TrainProcess.class.getName(),
                folder.toString());
        builder.command().addAll(Arrays.asList(keysAndValues));
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
