package dev.metaprompt.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Temporal's development server: a real server in one process, on a database in a file that outlives it. */
final class TemporalServer implements AutoCloseable {
    /** Names the program {@code temporal}; without it, it is installed where Python packages may be. */
    static final String PROPERTY = "it.temporal";

    private static final Path INSTALLED = Path.of("target", "temporal").toAbsolutePath();
    private static final Path REQUIREMENTS =
            Path.of("src", "test", "python", "requirements-temporal.txt").toAbsolutePath();

    private final String program;
    private final Path folder;
    private final int port;
    private Process process;

    private TemporalServer(String program, Path folder, int port) {
        this.program = program;
        this.folder = folder;
        this.port = port;
    }

    /** Finds or installs the program; nothing where neither is allowed. */
    static Optional<String> program() throws IOException, InterruptedException {
        String named = System.getProperty(PROPERTY, "");
        if (!named.isEmpty()) {
            return Optional.of(named);
        }
        return "install".equals(System.getProperty(Python.PROPERTY)) ? Optional.of(install()) : Optional.empty();
    }

    private static String install() throws IOException, InterruptedException {
        Path program = INSTALLED.resolve("bin").resolve("temporal");
        if (!Files.exists(program)) {
            Files.createDirectories(INSTALLED);
            execute(List.of("python3", "-m", "venv", INSTALLED.toString()));
            execute(List.of(
                    INSTALLED.resolve("bin").resolve("python").toString(),
                    "-m",
                    "pip",
                    "install",
                    "-q",
                    "--no-cache-dir",
                    "--require-hashes",
                    "-r",
                    REQUIREMENTS.toString()));
        }
        return program.toString();
    }

    private static void execute(List<String> command) throws IOException, InterruptedException {
        Path log = INSTALLED.resolve("install.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IOException(command + " failed:\n" + Files.readString(log));
        }
    }

    /** Starts a server with an empty database in a folder. */
    static TemporalServer start(String program, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        TemporalServer server = new TemporalServer(program, folder, freePort());
        server.restart();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Starts the server on the database as it is, and waits until it answers. */
    void restart() throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        program,
                        "server",
                        "start-dev",
                        "--headless",
                        "--ip",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--db-filename",
                        folder.resolve("temporal.db").toString(),
                        "--log-level",
                        "error")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("server.log").toFile()))
                .start();
        for (int i = 0; i < 150; i++) {
            Process health = new ProcessBuilder(program, "--address", address(), "operator", "cluster", "health")
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(health.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (health.waitFor() == 0 && answer.contains("SERVING")) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new IOException("the server does not answer:\n" + Files.readString(folder.resolve("server.log")));
    }

    /** Ends the server without warning. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
