package dev.metaprompt.app;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.metaprompt.Progress;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The child's end of the socket: sends events, hears the one message of the parent.
 *
 * <p>Safe for use by several threads. A lost parent is no fault of the work in progress: what can no longer be sent
 * is dropped, and {@link #listen} tells of the loss.
 */
final class ParentLink implements Closeable, Progress {
    private static final Gson GSON = new Gson();
    private final Socket socket;
    private final BufferedWriter writer;
    private boolean lost;

    private ParentLink(Socket socket) throws IOException {
        this.socket = socket;
        this.writer = new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Connects to the parent and shows the token.
     *
     * @throws IOException if nobody listens there
     */
    static ParentLink connect(ForkRequest request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), request.port());
        try {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request.token().getBytes(StandardCharsets.US_ASCII));
            return new ParentLink(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Starts to listen.
     *
     * @param onInterrupt called when the parent says so and when it is gone
     */
    void listen(Runnable onInterrupt) {
        Thread thread = new Thread(() -> hear(onInterrupt), "metaprompt-parent");
        thread.setDaemon(true);
        thread.start();
    }

    private void hear(Runnable onInterrupt) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if ("interrupt".equals(type(line))) {
                    onInterrupt.run();
                }
            }
        } catch (IOException | RuntimeException e) {
            // What speaks another language is no parent of this process.
            synchronized (this) {
                lost = true;
            }
        }
        // End of file or a broken connection: the parent is gone, or this side has said its last word.
        onInterrupt.run();
    }

    private static String type(String line) {
        JsonObject message = GSON.fromJson(line, JsonObject.class);
        return message == null || !message.has("type")
                ? ""
                : message.get("type").getAsString();
    }

    @Override
    public void phase(String text) {
        send("phase", Map.of("text", text));
    }

    @Override
    public void update(String what, long done, long total, String detail) {
        send("update", Map.of("what", what, "done", done, "total", total, "detail", detail));
    }

    void result(List<String> lines) {
        send("result", Map.of("lines", lines));
    }

    /**
     * Sends the last event.
     *
     * @param outcome how the command ended
     */
    void end(Outcome outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("outcome", outcome.kind().name());
        fields.put("message", outcome.message());
        fields.put("trace", outcome.trace());
        send("end", fields);
    }

    private synchronized void send(String type, Map<String, ?> fields) {
        if (lost) {
            return;
        }
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", type);
        event.putAll(fields);
        try {
            writer.write(GSON.toJson(event));
            writer.write('\n');
            writer.flush();
        } catch (IOException e) {
            lost = true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
