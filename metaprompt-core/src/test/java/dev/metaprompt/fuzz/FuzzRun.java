package dev.metaprompt.fuzz;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One target's inputs, read one after another in a thread that this one watches. */
final class FuzzRun {
    private static final long MOST_CPU_NANOS = 5_000_000_000L;
    /** Far more than the limit of computing: others may use the machine too. */
    private static final long MOST_WALL_NANOS = 60_000_000_000L;

    private static final long WATCH_MILLIS = 100;
    private static final int LONGEST_MESSAGE = 2000;

    private final FuzzTest target;
    private final Path folder;
    private final long seed = Long.getLong("fuzz.seed", 1);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private volatile long index;
    private volatile byte[] content;
    private volatile long begunCpu;
    private volatile long begunWall;
    private volatile String failure;
    private long count;
    private long accepted;
    private long slowestNanos;
    private long slowestIndex;
    private long totalNanos;

    FuzzRun(FuzzTest target, Path folder) {
        this.target = target;
        this.folder = folder;
    }

    static Path reports() throws IOException {
        return Files.createDirectories(Path.of("target", "fuzz"));
    }

    /** Reads all inputs, or those up to the first that does harm. */
    void go() throws Exception {
        Thread reader = new Thread(this::readAll, "fuzz-" + target.getClass().getSimpleName());
        reader.setDaemon(true);
        begunWall = System.nanoTime();
        reader.start();
        while (reader.isAlive()) {
            reader.join(WATCH_MILLIS);
            long cpu = threads.getThreadCpuTime(reader.getId()) - begunCpu;
            long wall = System.nanoTime() - begunWall;
            if (reader.isAlive() && (cpu > MOST_CPU_NANOS || wall > MOST_WALL_NANOS)) {
                String stack = Arrays.stream(reader.getStackTrace())
                        .limit(30)
                        .map(frame -> "\n    at " + frame)
                        .collect(Collectors.joining());
                failure = failed("is still being read after " + wall / 1_000_000 + " ms (" + cpu / 1_000_000
                        + " ms of computing)" + stack);
                return;
            }
        }
    }

    private void readAll() {
        Path root = folder.resolve("root");
        try {
            target.prepare(root);
            List<byte[]> seeds = target.seeds();
            Path file = root.resolve(target.fileName());
            List<String> before = names(folder);
            long only = Long.getLong("fuzz.index", -1);
            for (long i = Math.max(0, only); i < (only < 0 ? target.inputs() : only + 1); i++) {
                content = target.input(seeds, seed, i);
                index = i;
                // Writing over a file makes some file systems wait for the disk.
                Files.deleteIfExists(file);
                Files.write(file, content);
                begin();
                String harm = readOne(file);
                end(i);
                List<String> after = names(folder);
                if (harm == null && !after.equals(before)) {
                    harm = "left files outside its folder: " + after;
                }
                if (harm != null) {
                    failure = failed(harm);
                    return;
                }
            }
        } catch (Throwable t) {
            failure = failed("broke the harness: " + trace(t));
        }
    }

    private void begin() {
        begunWall = System.nanoTime();
        begunCpu = threads.getCurrentThreadCpuTime();
    }

    private void end(long i) {
        long nanos = threads.getCurrentThreadCpuTime() - begunCpu;
        totalNanos += nanos;
        count++;
        if (nanos > slowestNanos) {
            slowestNanos = nanos;
            slowestIndex = i;
        }
    }

    /** Returns what is wrong with how an input was taken; null if nothing. */
    private String readOne(Path file) {
        try {
            target.read(file);
            accepted++;
            return null;
        } catch (InvalidInputException e) {
            return fault(e);
        } catch (Throwable t) {
            return "threw " + trace(t);
        }
    }

    private String fault(InvalidInputException e) {
        String message = String.valueOf(e.getMessage());
        if (target.names().stream().noneMatch(message::contains)) {
            return "was refused without its name: " + trace(e);
        }
        boolean oneLine = message.chars().noneMatch(c -> c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029);
        if (!oneLine) {
            return "was refused in more than one line: " + trace(e);
        }
        return message.length() <= LONGEST_MESSAGE
                ? null
                : "was refused with " + message.length() + " characters: " + message.substring(0, 300);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private static String trace(Throwable t) {
        StringBuilder text = new StringBuilder(t.toString());
        Arrays.stream(t.getStackTrace())
                .limit(15)
                .forEach(frame -> text.append("\n    at ").append(frame));
        if (t.getCause() != null) {
            text.append("\ncaused by ").append(t.getCause());
        }
        return text.toString();
    }

    private String failed(String what) {
        String name = target.getClass().getSimpleName() + "-" + seed + "-" + index;
        String kept = "";
        try {
            if (content != null) {
                Path file = reports()
                        .resolve(name + "-" + Path.of(target.fileName()).getFileName());
                kept = " kept as " + Files.write(file, content);
            }
        } catch (IOException e) {
            kept = " could not be kept (" + e + ")";
        }
        return name + ":" + kept + " " + what + "\nAgain: -Dtest="
                + target.getClass().getSimpleName() + " -Dfuzz.seed=" + seed + " -Dfuzz.index=" + index;
    }

    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    long count() {
        return count;
    }

    long accepted() {
        return accepted;
    }

    String summary() {
        return String.format(
                Locale.ROOT,
                "seed %d: %d inputs, %d accepted, %.1f s of computing, slowest %.0f ms (index %d)",
                seed,
                count,
                accepted,
                totalNanos / 1e9,
                slowestNanos / 1e6,
                slowestIndex);
    }
}
