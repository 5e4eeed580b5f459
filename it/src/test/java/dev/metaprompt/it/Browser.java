package dev.metaprompt.it;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium with one page, driven by its DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();

    private Browser(Process process, URI page) throws Exception {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(page, new Listener())
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        call("Log.enable", new JsonObject());
        call("Runtime.enable", new JsonObject());
        call("Page.enable", new JsonObject());
    }

    /** Finds the program. */
    static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts the program with a page of some size. */
    static Browser start(Path program, Path profile, int width, int height) throws Exception {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "--window-size=" + width + "," + height,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return new Browser(process, page(process, profile.resolve("DevToolsActivePort")));
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static URI page(Process process, Path portFile) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            if (Files.exists(portFile) && !Files.readAllLines(portFile).isEmpty()) {
                String port = Files.readAllLines(portFile).get(0);
                for (JsonElement target : JsonParser.parseString(get("http://127.0.0.1:" + port + "/json/list"))
                        .getAsJsonArray()) {
                    if (target.getAsJsonObject().get("type").getAsString().equals("page")) {
                        return URI.create(target.getAsJsonObject()
                                .get("webSocketDebuggerUrl")
                                .getAsString());
                    }
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException("the browser does not open its port");
    }

    private static String get(String uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                hear(JsonParser.parseString(message.toString()).getAsJsonObject());
                message.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }

    private void hear(JsonObject message) {
        if (message.has("id")) {
            CompletableFuture<JsonObject> answer =
                    answers.remove(message.get("id").getAsInt());
            if (answer != null) {
                answer.complete(message);
            }
            return;
        }
        JsonObject params = message.getAsJsonObject("params");
        switch (message.get("method").getAsString()) {
            case "Runtime.exceptionThrown" -> errors.add(params.toString());
            case "Runtime.consoleAPICalled" -> {
                if (params.get("type").getAsString().equals("error")) {
                    errors.add(params.toString());
                }
            }
            case "Log.entryAdded" -> {
                JsonObject entry = params.getAsJsonObject("entry");
                if (entry.get("level").getAsString().equals("error")) {
                    errors.add(entry.toString());
                }
            }
            default -> {
                // nothing to do with errors
            }
        }
    }

    private JsonObject call(String method, JsonObject params) throws Exception {
        int id = lastId.incrementAndGet();
        JsonObject request = new JsonObject();
        request.addProperty("id", id);
        request.addProperty("method", method);
        request.add("params", params);
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(request.toString(), true).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        JsonObject said = answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (said.has("error")) {
            throw new IOException(method + ": " + said.get("error"));
        }
        return said.getAsJsonObject("result");
    }

    /** Goes to a page; errors of earlier pages are forgotten. */
    void open(String uri) throws Exception {
        errors.clear();
        JsonObject params = new JsonObject();
        params.addProperty("url", uri);
        call("Page.navigate", params);
    }

    /** Evaluates an expression in the page; empty while the page is not there to evaluate it. */
    String evaluate(String expression) throws Exception {
        JsonObject params = new JsonObject();
        params.addProperty("expression", "String(" + expression + ")");
        JsonElement value =
                call("Runtime.evaluate", params).getAsJsonObject("result").get("value");
        return value == null ? "" : value.getAsString();
    }

    /** Returns what a reader of the page sees as text. */
    String text() throws Exception {
        return evaluate("document.body ? document.body.innerText : ''");
    }

    /** Waits until an expression is true in the page. */
    void await(String condition) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!evaluate(condition).equals("true")) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain for " + condition + " in\n" + text() + "\n" + errors);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** Returns errors on the console, exceptions and failed loads since the page was opened. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    /** Keeps a picture of the page. */
    void screenshot(Path file) throws Exception {
        String data =
                call("Page.captureScreenshot", new JsonObject()).get("data").getAsString();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(data));
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }
}
