package dev.metaprompt.app;

import com.google.gson.Gson;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellProcesses;
import dev.metaprompt.experiment.Comparison;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.temporal.TemporalConnection;
import dev.metaprompt.experiment.temporal.TemporalOptions;
import dev.metaprompt.fetch.Download;
import dev.metaprompt.fetch.Patience;
import dev.metaprompt.fetch.RemoteFile;
import dev.metaprompt.io.Network;
import dev.metaprompt.tracking.BaselineRuns;
import dev.metaprompt.tracking.TrackingServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process that is told of the network as a forked JVM is, and then has one of the real clients do something. */
final class NetworkProbe {
    private static final Patience SHORT = new Patience(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            1,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofMillis(50));

    private NetworkProbe() {}

    /** Takes client, address and a folder to write in; the first line of its input is the {@link Network}. */
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Network network = new Gson().fromJson(in.readLine(), Network.class);
        network.apply(System.getenv()).forEach(text -> System.out.println("warning: " + text));
        try {
            System.out.println("got: " + ask(args[0], args[1], Path.of(args[2]), network));
        } catch (RuntimeException e) {
            System.out.println("fault: " + e.getMessage());
        }
        System.exit(0);
    }

    private static String ask(String client, String address, Path folder, Network network) throws Exception {
        switch (client) {
            case "download":
                Path target = Files.createTempDirectory(folder, "probe").resolve("file");
                return Files.readString(new Download(SHORT)
                        .fetch(
                                RemoteFile.of(URI.create(address)).withToken(Optional.of("the-token")),
                                target,
                                Progress.SILENT));
            case "mlflow":
                TrackingServer server = TrackingServer.of(address, "test", Map.of("MLFLOW_TRACKING_TOKEN", "t"));
                return BaselineRuns.fetch(server, "none", Files.createTempDirectory(folder, "probe"))
                        .toString();
            case "cell":
                CellEnd end = cell(address, folder, network);
                return end.kind() + ": " + end.message();
            default:
                TemporalOptions options = new TemporalOptions(
                        address,
                        "default",
                        "queue",
                        60,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
                try (TemporalConnection connection = TemporalConnection.open(options)) {
                    return "connected";
                }
        }
    }

    /** Has a process of its own compute a cell with a model that the hub has not. */
    private static CellEnd cell(String dataset, Path folder, Network network) throws Exception {
        TestContext context = new TestContext(folder, "dataset", dataset, "cache", "cache");
        context.network = network;
        Cell cell = new Cell(
                0,
                "0".repeat(64),
                "cell",
                "cpu",
                Map.of(),
                List.of(
                        new Assignment("model", "no-such-owner/no-such-model", "test"),
                        new Assignment("dataset", dataset, "test"),
                        new Assignment("dataset.shots", "6", "test"),
                        new Assignment("episode.imagesPerClass", "6", "test"),
                        new Assignment("way", "3", "test")));
        Plan plan = Plan.of("p", "", List.of(), new Comparison(Map.of(), List.of()), List.of(cell));
        try (CellProcesses processes =
                CellProcessCommand.processes(context, 1, CellOptions.ofMachine(Settings.withoutModel(context)))) {
            return processes.compute(plan, cell, folder.resolve("run"), (what, done, total, detail) -> {});
        }
    }
}
