package dev.metaprompt.tracking;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An MLflow server in memory, on loopback, as unkind as one can be: it keeps a metric that is sent twice twice, refuses
 * a changed parameter, and fails as it is told to.
 */
public final class FakeMlflow implements AutoCloseable {
    /** What it does to a call instead of answering it well. */
    public enum Fault {
        NONE,
        /** Answers 500 and does nothing. */
        ERROR,
        /** Does what it is asked and answers 500. */
        ERROR_AFTERWARDS,
        /** Does what it is asked and closes the connection. */
        NO_ANSWER,
        UNAUTHORIZED,
        /** Sends on to {@link #elsewhere}. */
        REDIRECT,
        /** Sends bytes for as long as they are taken, {@link #ENDLESS} at most. */
        ENDLESS_ANSWER,
        /** The same as the text of a refusal. */
        ENDLESS_REFUSAL,
        /** Answers well, except that each page of a list names a next one. */
        ENDLESS_LIST,
        HTML,
        /** Answers well, except that files end in the middle. */
        CUT,
        /** Answers well, except that files come with another byte in the middle. */
        DAMAGED,
        /** Does nothing, and never answers. */
        HANG
    }

    static final class StoredRun {
        final String id;
        final String experiment;
        String stage = "active";
        String status = "RUNNING";
        final String name;
        final Map<String, String> params = new LinkedHashMap<>();
        final Map<String, String> tags = new LinkedHashMap<>();
        final List<JsonObject> metrics = new ArrayList<>();
        final Map<String, byte[]> files = new LinkedHashMap<>();

        StoredRun(String id, String experiment, String name) {
            this.id = id;
            this.experiment = experiment;
            this.name = name;
        }
    }

    /** More than any reader should take, and less than harms a test. */
    static final long ENDLESS = 96L << 20;

    /** What servers before August 2024 take. */
    private static final Pattern NAME = Pattern.compile("[\\w./ -]+");

    private static final String API = "/api/2.0/mlflow/";
    private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";
    private static final Pattern TAG_IS = Pattern.compile("tags\\.`([^`]+)` = '([^']*)'");

    final Map<String, String> experiments = new LinkedHashMap<>();
    final List<StoredRun> runs = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    final List<String> authorizations = new ArrayList<>();
    final Set<String> deletedExperiments = new HashSet<>();
    /** Experiments whose runs the server fails at. */
    final Set<String> brokenExperiments = new HashSet<>();

    final AtomicLong served = new AtomicLong();
    volatile String elsewhere = "";
    /** Makes of the header what is said of it. */
    volatile UnaryOperator<String> echo = header -> header;
    /** Bodies of more bytes are too large. */
    volatile int mostBytes = Integer.MAX_VALUE;
    /** Whether the connection is closed at them without an answer. */
    volatile boolean breaksAtTooLarge;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });
    private volatile Fault fault = Fault.NONE;
    private volatile int goodCalls = Integer.MAX_VALUE;
    private volatile long delayMillis;

    /** Starts it on a free port. */
    public FakeMlflow() throws IOException {
        this(Optional.empty());
    }

    /** With TLS. */
    FakeMlflow(Optional<HttpsConfigurator> tls) throws IOException {
        // Else every answer waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls.isPresent()) {
            HttpsServer secure = HttpsServer.create(address, 0);
            secure.setHttpsConfigurator(tls.get());
            server = secure;
        } else {
            server = HttpServer.create(address, 0);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String uri() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    public TrackingServer server() {
        return TrackingServer.of(uri(), "test", Map.of());
    }

    /** From now on fails every call. */
    public void fail(Fault every) {
        failAfter(0, every);
    }

    /** Answers some calls well and fails the rest. */
    public void failAfter(int good, Fault then) {
        goodCalls = good;
        fault = then;
    }

    public void heal() {
        failAfter(Integer.MAX_VALUE, Fault.NONE);
    }

    void delay(long millis) {
        delayMillis = millis;
    }

    /** Deletes every experiment there is. */
    public void deleteExperiments() {
        deletedExperiments.addAll(experiments.keySet());
    }

    /** The files that were sent, one line each. */
    public List<String> uploads() {
        synchronized (runs) {
            return calls.stream()
                    .filter(call -> call.startsWith("PUT ") && call.contains(FILES))
                    .toList();
        }
    }

    /** Tells whether a text stands in anything that was sent. */
    public boolean holds(String text) {
        synchronized (runs) {
            return runs.stream()
                    .anyMatch(run -> run.params.toString().contains(text)
                            || run.tags.toString().contains(text)
                            || run.files.values().stream()
                                    .anyMatch(file -> new String(file, StandardCharsets.ISO_8859_1).contains(text)));
        }
    }

    List<StoredRun> active() {
        synchronized (runs) {
            return runs.stream().filter(run -> run.stage.equals("active")).toList();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String length = exchange.getRequestHeaders().getFirst("Content-Length");
            boolean tooLarge = length != null && Long.parseLong(length) > mostBytes;
            byte[] body = tooLarge ? new byte[0] : exchange.getRequestBody().readAllBytes();
            boolean good;
            synchronized (runs) {
                String path = exchange.getRequestURI().getPath();
                calls.add(exchange.getRequestMethod() + " " + path);
                authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
                good = goodCalls-- > 0;
            }
            pause();
            if (tooLarge && breaksAtTooLarge) {
                return;
            }
            if (tooLarge) {
                exchange.getResponseHeaders().set("Connection", "close");
                respond(exchange, 413, "text/html", text("<h1>413 Request Entity Too Large</h1>"));
                // As a proxy does: a connection that is closed with something unread takes the answer with it.
                exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            } else if (good || fault == Fault.NONE) {
                Answer answer = serve(exchange, body);
                respond(exchange, answer.status, "application/json", answer.body);
            } else {
                misbehave(exchange, body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(delayMillis);
    }

    private void misbehave(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        byte[] nothing = {};
        switch (fault) {
            case ERROR -> respond(exchange, 500, "text/plain", nothing);
            case ERROR_AFTERWARDS -> {
                serve(exchange, body);
                respond(exchange, 500, "text/plain", nothing);
            }
            case NO_ANSWER -> serve(exchange, body);
            case CUT, DAMAGED -> spoil(exchange, serve(exchange, body));
            case UNAUTHORIZED ->
                respond(
                        exchange,
                        401,
                        "text/plain",
                        text("who are you, "
                                + echo.apply(exchange.getRequestHeaders().getFirst("Authorization"))));
            case REDIRECT -> {
                exchange.getResponseHeaders()
                        .set("Location", elsewhere + exchange.getRequestURI().toString());
                respond(exchange, exchange.getRequestMethod().equals("GET") ? 302 : 307, "text/plain", nothing);
            }
            case ENDLESS_ANSWER -> endless(exchange, 200);
            case ENDLESS_REFUSAL -> endless(exchange, 400);
            case ENDLESS_LIST -> {
                Answer answer = serve(exchange, body);
                respond(exchange, answer.status, "application/json", withNextPage(answer.body));
            }
            case HTML -> respond(exchange, 200, "text/html", text("<!doctype html>\n<title>Sign in</title>"));
            default -> TimeUnit.MINUTES.sleep(5);
        }
    }

    private void endless(HttpExchange exchange, int status) throws IOException {
        byte[] some = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, 0);
        for (long sent = 0; sent < ENDLESS; sent += some.length) {
            exchange.getResponseBody().write(some);
            served.addAndGet(some.length);
        }
    }

    private byte[] withNextPage(byte[] body) {
        JsonObject json =
                JsonParser.parseString(new String(body, StandardCharsets.UTF_8)).getAsJsonObject();
        json.addProperty("next_page_token", "page" + calls.size());
        return text(json.toString());
    }

    private void spoil(HttpExchange exchange, Answer answer) throws IOException {
        byte[] content = answer.body.clone();
        boolean file = exchange.getRequestMethod().equals("GET")
                && exchange.getRequestURI().getPath().startsWith(FILES);
        if (!file || content.length < 2) {
            respond(exchange, answer.status, "application/json", content);
        } else if (fault == Fault.DAMAGED) {
            content[content.length / 2]++;
            respond(exchange, answer.status, "application/octet-stream", content);
        } else {
            exchange.sendResponseHeaders(answer.status, content.length);
            exchange.getResponseBody().write(content, 0, content.length / 2);
            exchange.getResponseBody().flush();
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void respond(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private record Answer(int status, byte[] body) {
        static Answer ok(JsonObject json) {
            return new Answer(200, text(json.toString()));
        }

        static Answer refusal(int status, String code, String message) {
            JsonObject json = new JsonObject();
            json.addProperty("error_code", code);
            json.addProperty("message", message);
            return new Answer(status, text(json.toString()));
        }
    }

    private Answer serve(HttpExchange exchange, byte[] body) {
        synchronized (runs) {
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith(FILES)) {
                return file(exchange.getRequestMethod(), path.substring(FILES.length()), body);
            }
            JsonObject request = exchange.getRequestMethod().equals("GET")
                    ? query(exchange.getRequestURI().getRawQuery())
                    : JsonParser.parseString(new String(body, StandardCharsets.UTF_8))
                            .getAsJsonObject();
            return api(path.substring(API.length()), request);
        }
    }

    private static JsonObject query(String raw) {
        JsonObject query = new JsonObject();
        for (String pair : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            query.addProperty(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private Answer file(String method, String path, byte[] body) {
        String[] parts = path.split("/", 4);
        StoredRun run = run(parts[1]).orElseThrow();
        if (method.equals("PUT")) {
            run.files.put(parts[3], body);
            return Answer.ok(new JsonObject());
        }
        if (method.equals("DELETE")) {
            run.files.remove(parts[3]);
            return Answer.ok(new JsonObject());
        }
        byte[] content = run.files.get(parts[3]);
        return content == null ? Answer.refusal(404, "NOT_FOUND", "no file") : new Answer(200, content);
    }

    private Optional<StoredRun> run(String id) {
        return runs.stream().filter(run -> run.id.equals(id)).findFirst();
    }

    private Answer api(String name, JsonObject request) {
        JsonObject answer = new JsonObject();
        switch (name) {
            case "experiments/get-by-name" -> {
                String id = experiments.get(request.get("experiment_name").getAsString());
                if (id == null) {
                    return Answer.refusal(404, "RESOURCE_DOES_NOT_EXIST", "no experiment");
                }
                JsonObject experiment = new JsonObject();
                experiment.addProperty("experiment_id", id);
                boolean deleted = deletedExperiments.contains(
                        request.get("experiment_name").getAsString());
                experiment.addProperty("lifecycle_stage", deleted ? "deleted" : "active");
                answer.add("experiment", experiment);
            }
            case "experiments/create" -> {
                String id = Integer.toString(experiments.size() + 1);
                if (experiments.putIfAbsent(request.get("name").getAsString(), id) != null) {
                    return Answer.refusal(400, "RESOURCE_ALREADY_EXISTS", "name taken");
                }
                answer.addProperty("experiment_id", id);
            }
            case "runs/create" -> {
                if (isBroken(request)) {
                    return new Answer(500, text("IntegrityError"));
                }
                answer.add("run", json(create(request)));
            }
            case "runs/search" -> answer.add("runs", search(request));
            default -> {
                return ofRun(name, request, answer);
            }
        }
        return Answer.ok(answer);
    }

    private boolean isBroken(JsonObject request) {
        String id = request.get("experiment_id").getAsString();
        return brokenExperiments.stream().anyMatch(name -> id.equals(experiments.get(name)));
    }

    /** Names as MLflow's validation has them: characters, length, and a path in its simplest form. */
    private static Optional<Answer> refusedName(JsonArray... lists) {
        for (JsonArray list : lists) {
            for (JsonElement entry : list(list)) {
                String name = entry.getAsJsonObject().get("key").getAsString();
                boolean simple = !name.startsWith("..")
                        && !name.startsWith("/")
                        && List.of(name.split("/", -1)).stream()
                                .noneMatch(part -> List.of("", ".", "..").contains(part));
                if (!NAME.matcher(name).matches() || !simple || name.length() > 250) {
                    return Optional.of(Answer.refusal(
                            400,
                            "INVALID_PARAMETER_VALUE",
                            "Invalid name: '" + name + "'. Names may only contain alphanumerics, underscores (_),"
                                    + " dashes (-), periods (.), spaces ( ), and slashes (/)."));
                }
            }
        }
        return Optional.empty();
    }

    private StoredRun create(JsonObject request) {
        StoredRun run = new StoredRun(
                "run" + runs.size(),
                request.get("experiment_id").getAsString(),
                request.get("run_name").getAsString());
        putAll(run.tags, request.getAsJsonArray("tags"));
        runs.add(run);
        return run;
    }

    private JsonArray search(JsonObject request) {
        JsonArray found = new JsonArray();
        String filter = request.has("filter") ? request.get("filter").getAsString() : "";
        Matcher tag = TAG_IS.matcher(filter);
        boolean byTag = tag.find();
        boolean all = request.has("run_view_type")
                && request.get("run_view_type").getAsString().equals("ALL");
        runs.stream()
                .filter(run -> all || run.stage.equals("active"))
                .filter(run -> !byTag || tag.group(2).equals(run.tags.get(tag.group(1))))
                .filter(run -> !filter.contains("status = 'FINISHED'") || run.status.equals("FINISHED"))
                .filter(run -> !filter.contains("` != ''") || run.tags.containsKey(BaselineRuns.TAG))
                .sorted((a, b) -> Double.compare(latest(b), latest(a)))
                .forEach(run -> found.add(json(run)));
        return found;
    }

    private static double latest(StoredRun run) {
        return run.metrics.stream()
                .filter(metric -> metric.get("key").getAsString().equals("harmonic_mean"))
                .mapToDouble(metric -> metric.get("value").getAsDouble())
                .findFirst()
                .orElse(-1);
    }

    private Answer ofRun(String name, JsonObject request, JsonObject answer) {
        StoredRun run = run(request.get("run_id").getAsString()).orElseThrow();
        if (!run.stage.equals("active") && !name.equals("metrics/get-history")) {
            return Answer.refusal(400, "INVALID_PARAMETER_VALUE", "The run must be in the 'active' state");
        }
        switch (name) {
            case "runs/log-batch" -> {
                Optional<Answer> refused = refusedName(
                        request.getAsJsonArray("metrics"),
                        request.getAsJsonArray("params"),
                        request.getAsJsonArray("tags"));
                if (refused.isPresent()) {
                    return refused.get();
                }
                Map<String, String> params = new LinkedHashMap<>();
                putAll(params, request.getAsJsonArray("params"));
                for (Map.Entry<String, String> param : params.entrySet()) {
                    if (!run.params
                            .getOrDefault(param.getKey(), param.getValue())
                            .equals(param.getValue())) {
                        return Answer.refusal(400, "INVALID_PARAMETER_VALUE", "changed parameter " + param.getKey());
                    }
                }
                run.params.putAll(params);
                putAll(run.tags, request.getAsJsonArray("tags"));
                for (JsonElement metric : list(request.getAsJsonArray("metrics"))) {
                    run.metrics.add(metric.getAsJsonObject());
                }
            }
            case "runs/set-tag" ->
                run.tags.put(
                        request.get("key").getAsString(), request.get("value").getAsString());
            case "runs/delete-tag" -> run.tags.remove(request.get("key").getAsString());
            case "runs/delete" -> run.stage = "deleted";
            case "runs/update" -> run.status = request.get("status").getAsString();
            case "metrics/get-history" -> {
                JsonArray history = new JsonArray();
                run.metrics.stream()
                        .filter(metric -> metric.get("key").equals(request.get("metric_key")))
                        .forEach(history::add);
                answer.add("metrics", history);
            }
            default -> throw new IllegalStateException(name);
        }
        return Answer.ok(answer);
    }

    private static JsonArray list(JsonArray orNull) {
        return orNull == null ? new JsonArray() : orNull;
    }

    private static void putAll(Map<String, String> map, JsonArray pairs) {
        for (JsonElement pair : list(pairs)) {
            JsonObject entry = pair.getAsJsonObject();
            map.put(entry.get("key").getAsString(), entry.get("value").getAsString());
        }
    }

    private JsonObject json(StoredRun run) {
        JsonObject info = new JsonObject();
        info.addProperty("run_id", run.id);
        info.addProperty("experiment_id", run.experiment);
        info.addProperty("status", run.status);
        info.addProperty("lifecycle_stage", run.stage);
        info.addProperty("artifact_uri", "mlflow-artifacts:/" + run.experiment + "/" + run.id + "/artifacts");
        JsonObject data = new JsonObject();
        Map<String, JsonObject> latest = new LinkedHashMap<>();
        run.metrics.forEach(metric -> latest.put(metric.get("key").getAsString(), metric));
        JsonArray metrics = new JsonArray();
        latest.values().forEach(metrics::add);
        data.add("metrics", metrics);
        data.add("params", pairs(run.params));
        data.add("tags", pairs(run.tags));
        JsonObject json = new JsonObject();
        json.add("info", info);
        json.add("data", data);
        return json;
    }

    private static JsonArray pairs(Map<String, String> map) {
        JsonArray pairs = new JsonArray();
        map.forEach((key, value) -> {
            JsonObject pair = new JsonObject();
            pair.addProperty("key", key);
            pair.addProperty("value", value);
            pairs.add(pair);
        });
        return pairs;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
