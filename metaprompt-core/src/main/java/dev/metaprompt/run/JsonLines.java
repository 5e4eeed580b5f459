package dev.metaprompt.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A file of JSON objects, one a line in UTF-8, that grows line by line.
 *
 * <p>A line is given to the operating system in one piece before {@link #write} returns, so it outlives the process.
 * What a crash cut off has no line end and is never taken for a line.
 */
public final class JsonLines implements AutoCloseable {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final Path file;
    private final FileChannel channel;

    /** Writes to a channel; a seam for tests of full disks. */
    JsonLines(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a file for appending, or creates it. A torn tail is dropped; a link is not followed.
     *
     * @param file its folder exists
     * @return to be closed by the caller
     * @throws InvalidInputException if it cannot be opened for writing
     */
    public static JsonLines append(Path file) {
        try {
            FileChannel channel =
                    PlainFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                channel.truncate(LineEnds.endOfLastLine(channel));
                channel.position(channel.size());
                return new JsonLines(file, channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw AtomicFiles.cannotWrite(file, e);
        }
    }

    /**
     * Appends a line and hands it to the operating system.
     *
     * @param line keys in the order they are written; an entry whose value is null is left out; numbers are finite
     * @throws InvalidInputException if it cannot be written, for example because the disk is full; the file then ends
     *     with the earlier line
     * @throws IllegalArgumentException if a number is not finite
     */
    public void write(Map<String, ?> line) {
        ByteBuffer bytes = ByteBuffer.wrap((GSON.toJson(line) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            long before = channel.position();
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                channel.truncate(before);
                throw e;
            }
        } catch (IOException e) {
            throw AtomicFiles.cannotWrite(file, e);
        }
    }

    /** Forces every line to the disk, so that it outlives the machine's own crash: before a checkpoint counts them. */
    public void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw AtomicFiles.cannotWrite(file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw AtomicFiles.cannotWrite(file, e);
        }
    }

    /**
     * Holds that a file has the lines that somebody counts on, without changing it.
     *
     * @param file may be missing if {@code lines} is 0
     * @param lines how many whole lines it must have at least, at least 0
     * @throws InvalidInputException if the file is missing, has fewer whole lines or cannot be read
     */
    public static void require(Path file, long lines) {
        if (lines == 0) {
            return;
        }
        if (!Files.exists(file)) {
            throw new InvalidInputException(file + ": is missing, and the run's checkpoint counts " + lines
                    + " lines in it. Restore the file, or start a new run.");
        }
        try (FileChannel channel = PlainFiles.open(file, StandardOpenOption.READ)) {
            requiredEnd(file, channel, lines);
        } catch (IOException e) {
            throw new InvalidInputException(
                    file + ": cannot be read (" + Quoted.reason(e) + "). Restore the file, or start a new run.", e);
        }
    }

    private static long requiredEnd(Path file, FileChannel channel, long lines) throws IOException {
        long end = LineEnds.endOfLine(channel, lines);
        if (end < 0) {
            throw new InvalidInputException(file + ": has fewer than the " + lines
                    + " lines its checkpoint counts. The run cannot go on; start a new one.");
        }
        return end;
    }

    /**
     * Keeps the first whole lines of a file and drops the rest, a torn tail included.
     *
     * @param file may be missing if {@code lines} is 0
     * @param lines how many lines to keep, at least 0
     * @throws InvalidInputException if the file is missing, has fewer whole lines or cannot be written
     */
    public static void truncate(Path file, long lines) {
        if (lines == 0 && !Files.exists(file)) {
            return;
        }
        require(file, lines);
        try (FileChannel channel = PlainFiles.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.truncate(requiredEnd(file, channel, lines));
            channel.force(true);
        } catch (IOException e) {
            throw AtomicFiles.cannotWrite(file, e);
        }
    }

    /**
     * Reads the whole lines of a file.
     *
     * @param file an existing file
     * @return one object a line; a torn tail is not among them
     * @throws InvalidInputException if the file cannot be read or a whole line is no JSON object
     */
    public static List<JsonObject> read(Path file) {
        List<JsonObject> lines = new ArrayList<>();
        String text = Texts.read(file);
        int begin = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', begin)) {
            lines.add(parse(file, lines.size() + 1, text.substring(begin, end)));
            begin = end + 1;
        }
        return lines;
    }

    private static JsonObject parse(Path file, int number, String line) {
        try {
            return JsonParser.parseString(line).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new InvalidInputException(
                    file + ": line " + number + " is no JSON object. The file was changed or damaged; use another run.",
                    e);
        }
    }
}
