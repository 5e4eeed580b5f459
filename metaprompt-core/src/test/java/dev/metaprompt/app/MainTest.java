package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.metaprompt.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The child's side of the wire, spoken to by a parent made of a bare socket. */
@Timeout(30)
class MainTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path folder;

    private String shown = "";

    private interface Parent {
        void talk(Socket socket, BufferedReader reader) throws IOException;
    }

    private record Result(int exitCode, List<JsonObject> events) {
        JsonObject last() {
            return events.get(events.size() - 1);
        }
    }

    private static String token(BufferedReader reader) throws IOException {
        StringBuilder token = new StringBuilder();
        while (token.length() < TOKEN.length()) {
            token.append((char) reader.read());
        }
        return token.toString();
    }

    private static void hearAll(BufferedReader reader, List<JsonObject> events) throws IOException {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            events.add(new Gson().fromJson(line, JsonObject.class));
        }
    }

    private Result run(Command command, Parent parent) throws Exception {
        List<JsonObject> events = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = writeRequest(server.getLocalPort());
            CompletableFuture<Integer> exit = new CompletableFuture<>();
            Thread child = new Thread(() -> {
                try {
                    exit.complete(Main.run(file, new Commands(Map.of("try", () -> command))));
                } catch (IOException | RuntimeException e) {
                    exit.completeExceptionally(e);
                }
            });
            child.start();
            try (Socket socket = server.accept();
                    BufferedReader reader = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                shown = token(reader);
                parent.talk(socket, reader);
                if (!socket.isClosed()) {
                    hearAll(reader, events);
                }
            }
            return new Result(exit.get(), events);
        }
    }

    private Path writeRequest(int port) throws IOException {
        Map<String, Object> request = Map.of(
                "goal", "try",
                "options", List.of(Map.of("key", "way", "value", "5", "layer", "USER", "origin", "-Dway")),
                "baseDirectory", folder.toString(),
                "facts", Map.of("metaprompt.version", "1"),
                "parentPid", ProcessHandle.current().parent().orElseThrow().pid(),
                "port", port,
                "token", TOKEN);
        return Files.writeString(folder.resolve("request.json"), new Gson().toJson(request));
    }

    @Test
    void everythingACommandTellsArrivesInOrder() throws Exception {
        Result result = run(
                context -> {
                    assertEquals("try", context.goal());
                    assertEquals(List.of(new RawOption("way", "5", RawOption.Layer.USER, "-Dway")), context.options());
                    assertEquals(folder, context.baseDirectory());
                    assertEquals("1", context.facts().get("metaprompt.version"));
                    context.progress().phase("encodes\nimages");
                    context.progress().update("epoch", 1, 2, "loss 3");
                    context.result(List.of("base 1", "run é"));
                },
                (socket, reader) -> {});
        assertEquals(0, result.exitCode());
        assertEquals(
                List.of("phase", "update", "result", "end"),
                result.events().stream().map(e -> e.get("type").getAsString()).toList());
        assertEquals(TOKEN, shown);
        assertEquals("encodes\nimages", result.events().get(0).get("text").getAsString());
        assertEquals(2, result.events().get(1).get("total").getAsLong());
        assertEquals(
                "run é", result.events().get(2).getAsJsonArray("lines").get(1).getAsString());
        assertEquals("SUCCESS", result.last().get("outcome").getAsString());
    }

    @Test
    void badInputEndsWithItsLine() throws Exception {
        Result result = run(
                context -> {
                    throw new InvalidInputException("way is 1; use 2 to 24");
                },
                (socket, reader) -> {});
        assertEquals(2, result.exitCode());
        assertEquals("INVALID", result.last().get("outcome").getAsString());
        assertEquals("way is 1; use 2 to 24", result.last().get("message").getAsString());
    }

    @Test
    void theParentsInterruptReachesTheCommandWhichMayWindUp() throws Exception {
        List<String> woundUp = new ArrayList<>();
        Result result = run(
                context -> {
                    CountDownLatch told = new CountDownLatch(1);
                    context.onInterrupt(told::countDown);
                    assertTrue(told.await(20, TimeUnit.SECONDS));
                    assertTrue(context.interrupted());
                    woundUp.add("yes");
                },
                (socket, reader) ->
                        socket.getOutputStream().write("{\"type\":\"interrupt\"}\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals(130, result.exitCode());
        assertEquals(List.of("yes"), woundUp);
        assertEquals("INTERRUPTED", result.last().get("outcome").getAsString());
    }

    @Test
    void aParentThatIsGoneInterruptsTheCommand() throws Exception {
        Result result = run(
                context -> {
                    CountDownLatch told = new CountDownLatch(1);
                    context.onInterrupt(told::countDown);
                    assertTrue(told.await(20, TimeUnit.SECONDS));
                    context.result(List.of("nobody hears this, and that is no fault"));
                },
                (socket, reader) -> socket.close());
        assertEquals(130, result.exitCode());
    }

    @Test
    void whoSpeaksAnotherLanguageIsNoParent() throws Exception {
        Result result = run(
                context -> {
                    CountDownLatch told = new CountDownLatch(1);
                    context.onInterrupt(told::countDown);
                    assertTrue(told.await(20, TimeUnit.SECONDS));
                },
                (socket, reader) -> socket.getOutputStream().write("{\"type\":{}}\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals(130, result.exitCode());
    }

    @Test
    void anInterruptionActionDoesNotRunWhenTheCommandEndsByItself() throws Exception {
        List<String> ran = new ArrayList<>();
        Result result = run(context -> context.onInterrupt(() -> ran.add("action")), (socket, reader) -> {});
        assertEquals(0, result.exitCode());
        assertEquals(List.of(), ran);
    }

    @Test
    void aGoalWithoutCommandIsAFault() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = writeRequest(server.getLocalPort());
            assertEquals(1, Main.run(file, new Commands(Map.of())));
        }
    }

    @Test
    void aBrokenRequestIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("request.json"), "{\"goal\":\"try\"}");
        IOException e = assertThrows(IOException.class, () -> Main.run(file, new Commands(Map.of())));
        assertTrue(e.getMessage().contains("request.json"), e.getMessage());
    }
}
