package dev.metaprompt.run;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.OutsideException;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The folder of one run. */
public final class RunDirectory {
    /** The record. */
    public static final String RECORD = "run.json";
    /** A line per optimiser step. */
    public static final String METRICS = "metrics.jsonl";
    /** A line per epoch. */
    public static final String EPOCHS = "epochs.jsonl";
    /** A line per optimiser step: which images it saw. */
    public static final String EPISODES = "episodes.jsonl";
    /** The trainable tensors before the first step. */
    public static final String INITIAL = "initial.safetensors";
    /** The trainable tensors after the last step. */
    public static final String LEARNED = "learned.safetensors";
    /** The context vectors after every epoch. */
    public static final String CONTEXTS = "contexts.safetensors";
    /** A folder: what is needed to go on. */
    public static final String CHECKPOINT = "checkpoint";
    /** A line per test image. */
    public static final String PREDICTIONS = "predictions.csv";
    /** The run as a person reads it. */
    public static final String REPORT = "report.html";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Set<String> OWN = Set.of(
            RECORD,
            METRICS,
            EPOCHS,
            EPISODES,
            INITIAL,
            LEARNED,
            CONTEXTS,
            CHECKPOINT,
            PREDICTIONS,
            REPORT,
            CellInfo.FILE,
            Attempts.FILE,
            "tracking.json",
            "tracking.lock",
            "plots");

    private final Path path;

    private RunDirectory(Path path) {
        this.path = path;
    }

    /**
     * Creates the folder of a new run. Two processes that ask at once get different folders.
     *
     * @param runs the folder of run directories; created if missing
     * @param method for example {@code metaprompt}
     * @param dataset the dataset's name; characters unfit for a file name become {@code _}
     * @param way classes of an episode
     * @param shot support images a class
     * @param seed the run's seed
     * @param now the start; the id shows it in UTC
     * @return an empty folder named {@code <yyyyMMdd-HHmmss>-<method>-<dataset>-<N>way<K>shot-s<seed>}, with {@code -2},
     *     {@code -3} … behind it where that is taken
     * @throws InvalidInputException if it cannot be created
     */
    public static RunDirectory create(
            Path runs, String method, String dataset, int way, int shot, long seed, Instant now) {
        String id = TIME.format(now) + "-" + settingName(method, dataset, way, shot, seed);
        try {
            Files.createDirectories(runs);
            for (int counter = 1; ; counter++) {
                Path path = runs.resolve(counter == 1 ? id : id + "-" + counter);
                try {
                    return new RunDirectory(Files.createDirectory(path));
                } catch (FileAlreadyExistsException e) {
                    // taken by another run: the next counter
                }
            }
        } catch (IOException e) {
            throw AtomicFiles.cannotWrite(runs.resolve(id), e);
        }
    }

    /**
     * Returns the part of a run's name that says what is trained.
     *
     * @param method for example {@code metaprompt}
     * @param dataset the dataset's name; characters unfit for a file name become {@code _}
     * @param way classes of an episode
     * @param shot support images a class
     * @param seed the run's seed
     * @return {@code <method>-<dataset>-<N>way<K>shot-s<seed>}
     */
    public static String settingName(String method, String dataset, int way, int shot, long seed) {
        return fileName(method) + "-" + fileName(dataset) + "-" + way + "way" + shot + "shot-s" + seed;
    }

    /**
     * Returns the run of a given folder, which may be new: a cell of an experiment has the same folder whenever it is
     * computed.
     *
     * @param folder the run's folder; created if missing
     * @return the run, which has no record yet if it is new
     * @throws InvalidInputException if the folder cannot be created
     */
    public static RunDirectory at(Path folder) {
        try {
            return new RunDirectory(Files.createDirectories(folder));
        } catch (IOException e) {
            throw AtomicFiles.cannotWrite(folder, e);
        }
    }

    /**
     * Tells whether a file or folder of a run directory may have that name.
     *
     * @param name a name without folders
     * @return whether a run itself writes it
     */
    public static boolean isOwn(String name) {
        return OWN.contains(name);
    }

    /**
     * Tells whether the run has a record, which is there from its start on.
     *
     * @return whether it has
     */
    public boolean hasRecord() {
        return isRun(path);
    }

    /**
     * Tells whether the run is finished.
     *
     * @return false as long as it has no record
     * @throws InvalidInputException if the record is damaged
     */
    public boolean isFinished() {
        return hasRecord() && readRecord().status() == RunStatus.FINISHED;
    }

    private static String fileName(String name) {
        String plain = name.replaceAll("[^\\p{L}\\p{N}._-]", "_").replaceAll("^[.-]+", "");
        String cut = plain.substring(0, Math.min(64, plain.length()));
        return cut.isEmpty() ? "_" : cut;
    }

    /**
     * Opens an existing run.
     *
     * @param dir a folder with a {@code run.json}
     * @return the run
     * @throws InvalidInputException if it has none
     */
    public static RunDirectory open(Path dir) {
        if (!isRun(dir)) {
            throw new InvalidInputException(Quoted.path(dir) + ": is no run directory (it has no " + RECORD
                    + "). Give the id of a run in the runs folder, or a run's folder, in metaprompt.run.");
        }
        return new RunDirectory(dir).requireNoLinks();
    }

    private static boolean isRun(Path folder) {
        return PlainFiles.isThere(folder.resolve(RECORD));
    }

    /**
     * Finds the run a user named.
     *
     * @param runs the folder of run directories
     * @param baseDirectory where a relative path starts
     * @param name an id, which is looked for in {@code runs} only, or else the path of a run's folder
     * @return the run
     * @throws InvalidInputException if there is none
     */
    public static RunDirectory find(Path runs, Path baseDirectory, String name) {
        try {
            boolean id = !name.contains("/") && !name.contains("\\") && !name.equals("..") && !name.equals(".");
            if (id && isRun(runs.resolve(name))) {
                return new RunDirectory(runs.resolve(name)).requireNoLinks();
            }
            Path path = baseDirectory.resolve(name).normalize();
            if (isRun(path)) {
                return new RunDirectory(path).requireNoLinks();
            }
        } catch (InvalidPathException e) {
            // no path at all, so no run either
        }
        throw new InvalidInputException("run is \"" + Quoted.of(name) + "\", but there is no such run in " + runs
                + " and no run directory of that path." + advice(runs));
    }

    private static String advice(Path runs) {
        List<RunDirectory> all = list(runs);
        return all.isEmpty()
                ? " Train one first."
                : " Give the id of a run, for example "
                        + all.get(all.size() - 1).id() + ".";
    }

    /**
     * Lists the runs of a folder.
     *
     * @param runs the folder of run directories; may be missing
     * @return the folders that have a {@code run.json}, by name: oldest first where the ids are ours
     */
    public static List<RunDirectory> list(Path runs) {
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(runs)) {
            return children.filter(RunDirectory::isRun)
                    .sorted(Comparator.comparing(child -> child.getFileName().toString()))
                    .map(RunDirectory::new)
                    .toList();
        } catch (IOException e) {
            throw new InvalidInputException(
                    runs + ": cannot be listed (" + Quoted.reason(e) + "). Check its permissions.", e);
        }
    }

    /**
     * Returns the newest run of a folder, whatever its status.
     *
     * @param runs the folder of run directories
     * @return the run started last
     * @throws InvalidInputException if there is none
     */
    public static RunDirectory newest(Path runs) {
        return newest(runs, record -> true, "run");
    }

    /**
     * Returns the newest finished run of a folder.
     *
     * @param runs the folder of run directories
     * @return the finished run started last
     * @throws InvalidInputException if there is none
     */
    public static RunDirectory newestFinished(Path runs) {
        return newest(runs, record -> record.status() == RunStatus.FINISHED, "finished run");
    }

    private static RunDirectory newest(Path runs, Predicate<RunRecord> wanted, String what) {
        record Dated(RunDirectory run, Instant started) {}
        List<Dated> found = new ArrayList<>();
        for (RunDirectory run : list(runs)) {
            RunRecord record = run.readRecord();
            if (wanted.test(record)) {
                found.add(new Dated(run, record.started()));
            }
        }
        return found.stream()
                .max(Comparator.comparing(Dated::started)
                        .thenComparing(dated -> dated.run().id()))
                .map(dated -> dated.run().requireNoLinks())
                .orElseThrow(() -> new InvalidInputException(
                        runs + ": there is no " + what + " here. Train one first, or name one in metaprompt.run."));
    }

    /**
     * Returns the folder.
     *
     * @return an existing folder
     */
    public Path path() {
        return path;
    }

    /**
     * Returns the run's id.
     *
     * @return the folder's name
     */
    public String id() {
        return path.toAbsolutePath().normalize().getFileName().toString();
    }

    /**
     * Returns the place of a file of the run.
     *
     * @param name one of this class's names
     * @return a path in the folder; the file need not exist
     * @throws InvalidInputException if it leads out of the folder, or is or lies behind a link: run directories travel,
     *     and what is written to one must stay in it
     */
    public Path file(String name) {
        try {
            return Inside.resolve(path, name);
        } catch (OutsideException e) {
            throw linked(name, e);
        }
    }

    private InvalidInputException linked(String name, IOException cause) {
        return new InvalidInputException(
                "run " + id() + ": " + Quoted.of(name) + " " + Quoted.fault(cause)
                        + "; a run directory holds plain files and folders alone. Put the file itself there, or use another run.",
                cause);
    }

    /**
     * Looks through the whole folder for what leads out of it.
     *
     * @return this
     * @throws InvalidInputException if it holds a link, a device or a pipe, or cannot be listed
     */
    RunDirectory requireNoLinks() {
        try {
            for (Path file : PlainFiles.below(path)) {
                boolean link = Files.isSymbolicLink(file);
                boolean plain = PlainFiles.isThere(file) || Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
                if (link || !plain && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw linked(
                            path.relativize(file).toString(),
                            new IOException(link ? "is a link" : "is a device or a pipe"));
                }
            }
            return this;
        } catch (IOException e) {
            throw new InvalidInputException(
                    path + ": cannot be looked through (" + Quoted.reason(e) + "). Check its permissions.", e);
        }
    }

    /**
     * Writes {@code run.json} in one piece.
     *
     * @param record the record
     * @throws InvalidInputException if it cannot be written; the earlier record is then intact
     */
    public void writeRecord(RunRecord record) {
        AtomicFiles.writeText(file(RECORD), RunJson.write(record));
    }

    /**
     * Reads {@code run.json}.
     *
     * @return the record
     * @throws InvalidInputException if it is missing, damaged or of another schema
     */
    public RunRecord readRecord() {
        return RunJsonReader.read(file(RECORD));
    }

    /**
     * Deletes temporary files that a killed process left behind; only with the lock held.
     *
     * @throws InvalidInputException if the directory cannot be listed
     */
    public void deleteLeftovers() {
        try {
            for (Path file : PlainFiles.below(path)) {
                if (file.getFileName().toString().matches("\\..*\\.tmp")) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw AtomicFiles.cannotWrite(path, e);
        }
    }

    /**
     * Takes the run for writing, so that no second process goes on with it at the same time. The system frees it when
     * the process ends, however it ends.
     *
     * @return to be closed by the caller when the work is done
     * @throws InvalidInputException if another process has it
     */
    public RunLock lock() {
        return RunLock.take(this);
    }

    /**
     * Takes the run for writing as {@link #lock} does, unless another process has it.
     *
     * @return to be closed by the caller when the work is done; nothing if another process has the run
     */
    public Optional<RunLock> tryLock() {
        return RunLock.tryTake(this);
    }
}
