package dev.metaprompt.run;

import dev.metaprompt.Host;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ledger of a cell: a line in {@value #FILE} when a process begins to compute it and one when it ends, so that it
 * can be told who computed what, and that nothing was computed to its end twice.
 */
public final class Attempts {
    /** The file's name. */
    public static final String FILE = "attempts.jsonl";

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
