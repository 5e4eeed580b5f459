package dev.metaprompt.plugin;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parent's end of the socket; the messages are described in the core's package {@code dev.metaprompt.app}. */
final class ChildLink implements Closeable {
    private static final Gson GSON = new Gson();
    private static final byte[] INTERRUPT = "{\"type\":\"interrupt\"}\n".getBytes(StandardCharsets.UTF_8);
    private final Socket socket;
    private final BufferedReader reader;

    ChildLink(Socket socket) throws IOException {
        this.socket = socket;
        this.reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Passes events on until the child says its last word.
     *
     * @return empty if the connection ended without it: the child has crashed
     */
    Optional<ChildEnd> hear(ChildEvents events) {
        try {
            for (JsonObject event = parse(reader.readLine()); event != null; event = parse(reader.readLine())) {
                if (type(event).equals("end")) {
                    return Optional.of(
                            new ChildEnd(text(event, "outcome"), text(event, "message"), text(event, "trace")));
                }
                dispatch(event, events);
            }
            return Optional.empty();
        } catch (IOException e) {
            // A killed process may reset its connection instead of closing it.
            return Optional.empty();
        }
    }

    private static void dispatch(JsonObject event, ChildEvents events) throws IOException {
        switch (type(event)) {
            case "phase" -> events.phase(text(event, "text"));
            case "update" ->
                events.update(
                        text(event, "what"), number(event, "done"), number(event, "total"), text(event, "detail"));
            case "result" -> events.result(lines(event));
            default -> throw new IOException("unknown event " + event);
        }
    }

    private static List<String> lines(JsonObject event) {
        List<String> lines = new ArrayList<>();
        for (JsonElement line : event.getAsJsonArray("lines")) {
            lines.add(line.getAsString());
        }
        return lines;
    }

    private static JsonObject parse(String line) throws IOException {
        try {
            return line == null ? null : GSON.fromJson(line, JsonObject.class);
        } catch (JsonParseException e) {
            throw new IOException("not an event: " + line, e);
        }
    }

    private static String type(JsonObject event) {
        return text(event, "type");
    }

    private static String text(JsonObject event, String name) {
        return event.has(name) ? event.get(name).getAsString() : "";
    }

    private static long number(JsonObject event, String name) {
        return event.get(name).getAsLong();
    }

    /** Asks the child to wind up. */
    void interrupt() throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(INTERRUPT);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
