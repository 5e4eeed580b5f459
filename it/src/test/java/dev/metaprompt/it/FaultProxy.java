package dev.metaprompt.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Stands before a server at an address that stays the same, and can be as bad as servers get. */
final class FaultProxy implements AutoCloseable {
    /** What it does with a call. */
    enum Mode {
        FORWARD,
        /** Forwards it after five seconds. */
        SLOW,
        ANSWER_500,
        ANSWER_401,
        ANSWER_HTML,
        /** Does not listen at all. */
        ABSENT
    }

    private static final long SLOW_SECONDS = 5;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fault-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final int port;
    private volatile String target;
    private volatile Mode mode = Mode.FORWARD;
    private HttpServer server;

    FaultProxy(String target) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.target = target;
        listen(0);
        port = server.getAddress().getPort();
    }

    private void listen(int at) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String uri() {
        return "http://127.0.0.1:" + port;
    }

    void forwardTo(String uri) {
        target = uri;
    }

    void heal() throws IOException {
        set(Mode.FORWARD);
    }

    void stop() throws IOException {
        set(Mode.ABSENT);
    }

    synchronized void set(Mode next) throws IOException {
        if (next == Mode.ABSENT && server != null) {
            server.stop(0);
            server = null;
        } else if (next != Mode.ABSENT && server == null) {
            listen(port);
        }
        mode = next;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            switch (mode) {
                case ANSWER_500 -> answer(exchange, 500, "text/plain", "out of order");
                case ANSWER_401 -> answer(exchange, 401, "text/plain", "You are not authenticated.");
                case ANSWER_HTML -> answer(exchange, 200, "text/html", "<!doctype html><title>Sign in</title>");
                case SLOW -> {
                    TimeUnit.SECONDS.sleep(SLOW_SECONDS);
                    forward(exchange, body);
                }
                default -> forward(exchange, body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        answer(exchange, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Without an answer of the server there is none of the proxy's: the connection ends. */
    private void forward(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
                .timeout(Duration.ofSeconds(60))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type != null) {
            request.header("Content-Type", type);
        }
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        answer(
                exchange,
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse("application/octet-stream"),
                response.body());
    }

    @Override
    public void close() throws IOException {
        stop();
        threads.shutdownNow();
    }
}
