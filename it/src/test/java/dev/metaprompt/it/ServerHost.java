package dev.metaprompt.it;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** Where an MLflow server runs: something that can be killed and started again with all it holds. */
interface ServerHost extends AutoCloseable {
    /** Returns where it listens; another place after each start. */
    String uri();

    /** Tells what it is, for people. */
    String description();

    /** Kills it without a chance to tidy up. */
    void kill() throws Exception;

    /** Starts it again and waits until it answers. */
    void start() throws Exception;

    @Override
    default void close() throws Exception {}

    /** A server of somebody's: it is only used, never killed. */
    record External(String uri) implements ServerHost {
        @Override
        public String description() {
            return "the external MLflow server " + uri;
        }

        @Override
        public void kill() {
            // The proxy before it stops answering, which is all that can be done.
        }

        @Override
        public void start() {}
    }

    /** A server in a container. */
    final class Container implements ServerHost {
        private static final int PORT = 5000;
        private static final String COMMAND = "mkdir -p /data && exec python3 -m mlflow server --host 0.0.0.0 --port "
                + PORT + " --workers 1 --backend-store-uri sqlite:////data/mlflow.db"
                + " --artifacts-destination /data/artifacts --serve-artifacts --allowed-hosts '*'";

        private final String image;
        private final GenericContainer<?> container;
        private String uri;

        Container(String image) {
            this.image = image;
            container = new GenericContainer<>(DockerImageName.parse(image))
                    .withExposedPorts(PORT)
                    // Its helper processes would take a gigabyte.
                    .withEnv("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false")
                    .withEnv("MLFLOW_DISABLE_TELEMETRY", "true")
                    .withCommand("sh", "-c", COMMAND)
                    .waitingFor(Wait.forHttp("/health").withStartupTimeout(Duration.ofMinutes(3)));
            container.start();
            uri = "http://" + container.getHost() + ":" + container.getMappedPort(PORT);
        }

        @Override
        public String uri() {
            return uri;
        }

        @Override
        public String description() {
            return "an MLflow server in a container of " + image;
        }

        @Override
        public void kill() {
            container
                    .getDockerClient()
                    .killContainerCmd(container.getContainerId())
                    .exec();
        }

        @Override
        public void start() throws Exception {
            DockerClient docker = container.getDockerClient();
            docker.startContainerCmd(container.getContainerId()).exec();
            // The system gives the port a new number at each start.
            String port = docker.inspectContainerCmd(container.getContainerId())
                    .exec()
                    .getNetworkSettings()
                    .getPorts()
                    .getBindings()
                    .values()
                    .iterator()
                    .next()[0]
                    .getHostPortSpec();
            uri = "http://" + container.getHost() + ":" + port;
            awaitHealth(uri, () -> container.getLogs());
        }

        @Override
        public void close() {
            container.stop();
        }
    }

    /** A server from Python's package index, in an environment below {@code target}. */
    final class Installed implements ServerHost {
        private static final String VERSION = "3.17.2";
        private static final Path REQUIREMENTS =
                Path.of("src", "test", "python", "requirements-mlflow.txt").toAbsolutePath();
        private static final long INSTALL_MINUTES = 10;

        private final Path folder = Path.of("target", "mlflow").toAbsolutePath();
        private final int port;
        private Process process;

        Installed() throws Exception {
            Files.createDirectories(folder);
            if (!Files.exists(folder.resolve("venv/bin/mlflow"))) {
                execute("python3", "-m", "venv", "venv");
                execute(
                        "venv/bin/python",
                        "-m",
                        "pip",
                        "install",
                        "-q",
                        "--require-hashes",
                        "-r",
                        REQUIREMENTS.toString());
            }
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            start();
        }

        private void execute(String... command) throws Exception {
            Process step = builder(command).start();
            if (!step.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES) || step.exitValue() != 0) {
                step.destroyForcibly();
                throw new IOException(String.join(" ", command) + " failed: " + log());
            }
        }

        private ProcessBuilder builder(String... command) {
            ProcessBuilder builder = new ProcessBuilder(List.of(command)).directory(folder.toFile());
            builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()));
            builder.environment().put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
            builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
            return builder;
        }

        private String log() {
            try {
                return Files.readString(folder.resolve("log"));
            } catch (IOException e) {
                return "no log";
            }
        }

        @Override
        public String uri() {
            return "http://127.0.0.1:" + port;
        }

        @Override
        public String description() {
            return "MLflow " + VERSION + " installed in " + folder;
        }

        @Override
        public void kill() throws Exception {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }

        @Override
        public void start() throws Exception {
            process = builder(
                            "venv/bin/mlflow",
                            "server",
                            "--host",
                            "127.0.0.1",
                            "--port",
                            Integer.toString(port),
                            "--workers",
                            "1",
                            "--backend-store-uri",
                            "sqlite:///mlflow.db",
                            "--artifacts-destination",
                            "artifacts",
                            "--serve-artifacts")
                    .start();
            awaitHealth(uri(), this::log);
        }

        @Override
        public void close() throws Exception {
            kill();
        }
    }

    /** Waits until a server answers. */
    static void awaitHealth(String uri, java.util.function.Supplier<String> log) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri + "/health"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (System.nanoTime() < end) {
            try {
                if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not yet.
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new IllegalStateException(uri + " is not healthy after three minutes:\n" + log.get());
    }
}
