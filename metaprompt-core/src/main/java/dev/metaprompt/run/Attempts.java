package dev.metaprompt.run;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.metaprompt.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ledger of a cell: a line in {@value #FILE} when a process begins to compute it and one when it ends, so that it
 * can be told who computed what, and that nothing was computed to its end twice.
 */
public final class Attempts {
    /** The file's name. */
    public static final String FILE = "attempts.jsonl";

    /** A hundred thousand attempts. */
    private static final long MOST_BYTES = 16L << 20;

    private final Path file;
    private final Map<String, Object> who = new LinkedHashMap<>();

    private Attempts(RunDirectory run) {
        this.file = run.file(FILE);
        who.put("host", Host.name());
        who.put("pid", ProcessHandle.current().pid());
    }

    /**
     * Notes that this process begins or goes on.
     *
     * @param run the cell's run, whose lock is held
     * @return the ledger, for the end
     */
    public static Attempts begin(RunDirectory run) {
        Attempts attempts = new Attempts(run);
        attempts.write("begin");
        return attempts;
    }

    /**
     * Notes how the attempt ended; a killed process notes nothing.
     *
     * @param event for example {@code finished}
     */
    public void end(String event) {
        write(event);
    }

    /**
     * Puts the lines of another ledger of the same cell among those of a run's own, in the order of their times. A line
     * that both have stays one; lines of one time keep their order, the run's own first. Lines that are damaged are kept
     * too: a ledger is for people, and no reason not to go on with a run.
     *
     * @param other the other ledger; one of more than 16 MiB is none, and left out
     * @param run the cell's run, whose lock is held; need not have a ledger
     * @throws dev.metaprompt.InvalidInputException if one cannot be read, or the run's own not be written
     * @throws IOException if the other's size cannot be told
     */
    public static void merge(Path other, RunDirectory run) throws IOException {
        Path own = run.file(FILE);
        Set<String> lines = new LinkedHashSet<>(Files.exists(own) ? wholeLines(own) : List.of());
        if (Files.size(other) <= MOST_BYTES) {
            lines.addAll(wholeLines(other));
        }
        AtomicFiles.writeText(
                own,
                lines.stream()
                        .sorted(Comparator.comparing(Attempts::time))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()));
    }

    private static List<String> wholeLines(Path file) {
        String text = Texts.read(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static Instant time(String line) {
        try {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            return json.has("time") ? Instant.parse(json.get("time").getAsString()) : Instant.EPOCH;
        } catch (JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private void write(String event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", event);
        line.put("time", Instant.now().toString());
        line.putAll(who);
        try (JsonLines lines = JsonLines.append(file)) {
            lines.write(line);
            lines.force();
        }
    }
}
