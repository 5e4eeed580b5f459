package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The Python with PyTorch and transformers that tests compare with: the one the property {@code it.python} names, or,
 * where it is {@code install}, one of our own below {@code target} with the packages of {@code src/test/python}.
 */
final class Python {
    /** The property. */
    static final String PROPERTY = "it.python";

    private static final Path SCRIPTS = Path.of("src", "test", "python").toAbsolutePath();
    private static final Path INSTALLED = Path.of("target", "python").toAbsolutePath();
    private static final long INSTALL_MINUTES = 15;

    private final String program;

    private Python(String program) {
        this.program = program;
    }

    /** Finds or installs it; the property must be set. */
    static Python open() throws IOException, InterruptedException {
        String value = System.getProperty(PROPERTY);
        return new Python(value.equals("install") ? install() : value);
    }

    private static String install() throws IOException, InterruptedException {
        String own = INSTALLED.resolve("bin").resolve("python").toString();
        Path done = INSTALLED.resolve("installed");
        if (!Files.exists(done)) {
            Path log = Files.createDirectories(INSTALLED.getParent()).resolve("python-install.log");
            String[] pip = {own, "-m", "pip", "install", "-q", "--no-cache-dir", "--require-hashes", "-r"};
            execute(log, INSTALL_MINUTES, List.of("python3", "-m", "venv", INSTALLED.toString()));
            execute(
                    log,
                    INSTALL_MINUTES,
                    with(pip, SCRIPTS.resolve("requirements.txt").toString()));
            execute(
                    log,
                    INSTALL_MINUTES,
                    with(pip, SCRIPTS.resolve("requirements-open-clip.txt").toString(), "--no-deps"));
            Files.createFile(done);
        }
        return own;
    }

    private static List<String> with(String[] command, String... more) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(more));
        return all;
    }

    /** Runs one of the scripts to its end. */
    void run(String script, Path log, long minutes, String... arguments) throws IOException, InterruptedException {
        execute(
                log,
                minutes,
                with(new String[] {program, SCRIPTS.resolve(script).toString()}, arguments));
    }

    private static void execute(Path log, long minutes, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Threads that wait for their turn by spinning take the cores from all others on a busy machine.
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        Process process = builder.start();
        boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
        process.destroyForcibly().waitFor();
        assertTrue(ended && process.exitValue() == 0, () -> command + " failed:\n" + text(log));
    }

    /** Reads a log. */
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
