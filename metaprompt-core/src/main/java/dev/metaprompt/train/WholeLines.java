package dev.metaprompt.train;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the lines of a file of JSON objects one by one, also while the file grows; holds one line in memory. */
final class WholeLines implements AutoCloseable {
    private final Path file;
    private InputStream in;
    private final byte[] block = new byte[1 << 16];
    private final ByteArrayOutputStream part = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private long number;
    private JsonObject ahead;

    /** Names a file, which is opened as soon as it exists; until then it is as an empty one. */
    WholeLines(Path file) {
        this.file = file;
    }

    /** Returns the next whole line; null if there is none (yet). */
    JsonObject next() {
        JsonObject line = peek();
        ahead = null;
        return line;
    }

    /** Returns what {@link #next} will return. */
    JsonObject peek() {
        if (ahead == null) {
            ahead = read();
        }
        return ahead;
    }

    /** Returns whether bytes without a line end follow the last whole line. */
    boolean torn() {
        return peek() == null && part.size() > 0;
    }

    private JsonObject read() {
        try {
            while (true) {
                for (int i = position; i < limit; i++) {
                    if (block[i] == '\n') {
                        part.write(block, position, i - position);
                        position = i + 1;
                        return parse();
                    }
                }
                part.write(block, position, limit - position);
                position = 0;
                limit = opened() ? Math.max(0, in.read(block)) : 0;
                if (limit == 0) {
                    return null;
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private boolean opened() throws IOException {
        if (in == null && Files.isRegularFile(file)) {
            in = PlainFiles.read(file);
        }
        return in != null;
    }

    private JsonObject parse() throws IOException {
        number++;
        byte[] bytes = part.toByteArray();
        part.reset();
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        try {
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new InvalidInputException(
                    file + ": line " + number + " is no JSON object. The file was changed or damaged; use another run.",
                    e);
        }
    }

    private InvalidInputException unreadable(IOException e) {
        return new InvalidInputException(
                file + ": cannot be read as UTF-8 text, line " + (number + 1) + " (" + Quoted.reason(e)
                        + "). Use another run.",
                e);
    }

    @Override
    public void close() {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            // Reading is over; a failed close loses nothing.
        }
    }
}
