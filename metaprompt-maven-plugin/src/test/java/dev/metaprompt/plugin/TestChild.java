package dev.metaprompt.plugin;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.app.Command;
import dev.metaprompt.app.CommandContext;
import dev.metaprompt.app.Commands;
import dev.metaprompt.app.Main;
import dev.metaprompt.io.Network;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A child with the core's real wire and commands that misbehave. */
public final class TestChild {
    private static final Map<String, Supplier<Command>> COMMANDS = Map.of(
            "succeed", () -> TestChild::succeed,
            "invalid", () -> TestChild::invalid,
            "fault", () -> TestChild::fault,
            "noise", () -> TestChild::noise,
            "network", () -> TestChild::network,
            "exit", () -> context -> Runtime.getRuntime().halt(7),
            "segfault", () -> TestChild::segfault,
            "memory", () -> TestChild::exhaustMemory,
            "names", () -> TestChild::names,
            "wait", () -> TestChild::waitForInterruption);

    private TestChild() {}

    public static void main(String[] args) throws IOException {
        System.exit(Main.run(Path.of(args[0]), new Commands(COMMANDS)));
    }

    private static void succeed(CommandContext context) {
        context.progress().phase("options " + context.options());
        context.progress().update("epoch", 1, 2, "loss 0.5");
        context.result(List.of("base 71.3", "tëxt ± 1"));
    }

    /** Tells what clients will do, and what other programs of this machine can see of this process. */
    private static void network(CommandContext context) {
        for (String host : List.of("hub.example", "hub.inside.example")) {
            URI uri = URI.create("https://" + host + "/");
            Proxy proxy = ProxySelector.getDefault().select(uri).get(0);
            String by = proxy.address() instanceof InetSocketAddress address
                    ? address.getHostString() + ":" + address.getPort()
                    : proxy.toString();
            context.progress().phase(host + " by " + by);
            Network.proxyAuthorization(uri)
                    .ifPresent(value -> context.progress().phase("of who asks: " + value));
        }
        context.progress()
                .phase("trust " + System.getProperty("javax.net.ssl.trustStore") + " "
                        + System.getProperty("javax.net.ssl.trustStorePassword"));
        context.progress()
                .phase("shown to others: "
                        + ProcessHandle.current().info().commandLine().orElse("java")
                        + ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    /** Names of the files of the working folder, as letters of Java. */
    private static void names(CommandContext context) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(""))) {
            context.result(files.map(file -> file.getFileName().toString())
                    .map(name -> Files.isDirectory(Path.of(name)) ? name : "lost: " + name)
                    .sorted()
                    .toList());
        }
    }

    private static void invalid(CommandContext context) {
        throw new InvalidInputException("metaprompt.way is 99; use 2 to 24.");
    }

    private static void fault(CommandContext context) throws IOException {
        throw new IOException("No space left on device");
    }

    /** What native libraries do: text, half lines and what looks like an event, all on stdout. */
    private static void noise(CommandContext context) {
        for (int i = 0; i < 20_000; i++) {
            System.out.println("{\"type\":\"end\",\"outcome\":\"FAULT\",\"message\":\"noise " + i + "\"}");
        }
        System.out.print("no line end");
        context.result(List.of("quiet"));
    }

    private static void segfault(CommandContext context) throws Exception {
        context.progress().update("epoch", 37, 100, "loss 0.5");
        long pid = ProcessHandle.current().pid();
        new ProcessBuilder("kill", "-SEGV", String.valueOf(pid)).start().waitFor();
        TimeUnit.MINUTES.sleep(1);
    }

    private static void exhaustMemory(CommandContext context) {
        List<long[]> kept = new ArrayList<>();
        while (true) {
            kept.add(new long[1 << 20]);
        }
    }

    private static void waitForInterruption(CommandContext context) throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        context.onInterrupt(told::countDown);
        Files.writeString(
                context.baseDirectory().resolve("started"),
                "" + ProcessHandle.current().pid());
        context.progress().phase("waiting");
        if (told.await(1, TimeUnit.MINUTES)) {
            Files.writeString(context.baseDirectory().resolve("wound-up"), "");
        }
    }
}
