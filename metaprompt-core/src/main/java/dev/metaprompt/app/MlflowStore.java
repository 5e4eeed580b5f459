package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellStore;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.fetch.Archive;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.run.Attempts;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunLock;
import dev.metaprompt.tracking.ArtifactStore;
import dev.metaprompt.tracking.StoredState;
import dev.metaprompt.tracking.TrackingServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The runs of an experiment on a tracking server, so that no machine needs to see another's disk.
 *
 * <p>Each cell has a run of its own for it, in MLflow's experiment {@code metaprompt-store/<experiment>}, and not the
 * run that mirrors it: that one is for people, comes late where training is faster than the server, and may be set
 * aside, replaced or deleted; while what is needed to go on must be found by the cell's id alone, before there is any
 * record. Kept apart, it also disturbs no table of results, and can be deleted as a whole when the experiment is done.
 *
 * <p>The state is the archive of the run directory ({@link RunArchive}), its number the checkpoint's step; see
 * {@link ArtifactStore} for what happens when two attempts at a cell overlap.
 */
public final class MlflowStore implements CellStore {
    /** Far more than the files of a run, and few enough for any disk. */
    private static final Archive.Limits LIMITS = new Archive.Limits(10_000, 8L << 30);

    private static final String CONTENT = "content";
    private static final String WORK = ".store";
    private static final Duration LEFTOVER = Duration.ofDays(1);

    private final String experiment;
    private final ArtifactStore store;
    private final Path folder;

    /**
     * Names a store; the server is not called yet.
     *
     * @param server the server
     * @param experiment the experiment's name
     * @param folder the experiment's folder on this machine; made if missing
     */
    public MlflowStore(TrackingServer server, String experiment, Path folder) {
        this.experiment = Plan.requireName(experiment);
        this.store = new ArtifactStore(server, "metaprompt-store/" + experiment);
        this.folder = folder;
        deleteLeftovers(folder);
    }

    @Override
    public Path folder(Cell cell) {
        return Inside.require(folder, cell.folder(), "the folder of a cell");
    }

    /**
     * Brings what the store has of a cell, unless what is here has come as far, or a process here works on it.
     *
     * @throws dev.metaprompt.tracking.StoreException if the server fails for longer than it takes to try again
     * @throws InvalidInputException if the server refuses, or this disk does
     */
    @Override
    public void fetch(Cell cell) {
        RunDirectory run = RunDirectory.at(folder(cell));
        RunArchive.Position here = RunArchive.position(run.path());
        if (here.finished()) {
            return;
        }
        if (!run.hasRecord()) {
            underLock(run, () -> {
                requireOurs(run.path());
                clear(run.path());
            });
        }
        inWorkFolder(work -> {
            Path archive = work.resolve("state.tar.gz");
            Optional<StoredState> state =
                    store.get(key(cell), there -> there.isNewerThan(here.step(), here.finished()), archive);
            if (state.isPresent()) {
                Path content = new Archive(archive, LIMITS, Progress.SILENT).unpack(work.resolve(CONTENT), "");
                underLock(run, () -> {
                    // It may have gone on here while the archive was on its way.
                    if (state.get().isNewerThan(RunArchive.position(run.path()).step(), false)) {
                        replace(run.path(), content);
                    }
                });
            }
        });
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Does something to a run, unless a process works on it. */
    private static void underLock(RunDirectory run, Step step) {
        try (RunLock lock = run.tryLock().orElse(null)) {
            if (lock != null) {
                step.run();
            }
        } catch (IOException e) {
            throw unusable(run.path(), e);
        }
    }

    /**
     * Keeps a cell's run as it stands, unless the store has come as far: one that is finished here and there costs a
     * question and nothing more. A run without a checkpoint that is not finished
     * is not kept: it would bring nobody further.
     *
     * @throws dev.metaprompt.tracking.StoreException if the server fails for longer than it takes to try again
     * @throws InvalidInputException if the server refuses, or this disk does
     */
    @Override
    public void keep(Cell cell) {
        if (RunArchive.position(folder(cell)).finished()
                && store.newest(key(cell)).map(StoredState::finished).orElse(false)) {
            return;
        }
        inWorkFolder(work -> {
            Path archive = work.resolve("state.tar.gz");
            Path copies = Files.createDirectory(work.resolve(CONTENT));
            Optional<RunArchive.Position> position = RunArchive.pack(folder(cell), copies, archive);
            if (position.isPresent()) {
                Map<String, String> tags = Map.of("metaprompt.cell", cell.id());
                store.put(
                        key(cell),
                        cell.folder(),
                        tags,
                        position.get().step(),
                        position.get().finished(),
                        archive);
            }
        });
    }

    private static String key(Cell cell) {
        return "cell|" + cell.id();
    }

    /**
     * Keeps a plan for the machines that compute its cells.
     *
     * @param plan the plan
     * @throws dev.metaprompt.tracking.StoreException if the server fails for longer than it takes to try again
     * @throws InvalidInputException if the server refuses
     */
    public void keepPlan(Plan plan) {
        inWorkFolder(work -> {
            Path file = work.resolve(PlanFile.NAME);
            AtomicFiles.writeText(file, PlanFile.toJson(plan));
            store.put("plan|" + plan.id(), plan.name() + " plan", Map.of(), 0, true, file);
        });
    }

    /**
     * Fetches a plan.
     *
     * @param id the plan's id, a digest
     * @return the plan; nothing if the store has none of that id
     * @throws dev.metaprompt.tracking.StoreException if the server fails for longer than it takes to try again
     * @throws InvalidInputException if the server refuses, or what it has is no plan of that id
     */
    public Optional<Plan> fetchPlan(String id) {
        Plan[] plan = new Plan[1];
        inWorkFolder(work -> {
            Path file = work.resolve(PlanFile.NAME);
            if (store.get("plan|" + Plan.requireId(id), there -> there.bytes() <= PlanFile.LARGEST, file)
                    .isPresent()) {
                String label = "plan " + id + " of " + experiment;
                plan[0] = PlanFile.fromJson(PlainFiles.text(file, PlanFile.LARGEST), label)
                        .requireAsked(experiment, id, label);
            }
        });
        return Optional.ofNullable(plan[0]);
    }

    /**
     * Puts fetched files in the place of those here; the ledger has the lines of both. The record goes first and comes
     * last: killed in between, there is a folder without a record, which has come nowhere and is fetched again.
     */
    private static void replace(Path run, Path content) throws IOException {
        Path ledger = content.resolve(Attempts.FILE);
        if (Files.isRegularFile(ledger)) {
            Attempts.merge(ledger, RunDirectory.at(run));
        }
        if (!PlainFiles.isThere(run.resolve(RunDirectory.RECORD))) {
            requireOurs(run);
        }
        clear(run);
        for (Path child : children(content)) {
            if (!Set.of(RunDirectory.RECORD, Attempts.FILE)
                    .contains(child.getFileName().toString())) {
                move(child, run);
            }
        }
        move(content.resolve(RunDirectory.RECORD), run);
    }

    /** Refuses to clear a folder without a record that holds more than what a run that was cut off leaves. */
    private static void requireOurs(Path run) throws IOException {
        for (Path child : children(run)) {
            String name = child.getFileName().toString();
            if (!name.startsWith(".") && !RunDirectory.isOwn(name)) {
                throw new InvalidInputException(run + ": is in the place of a run of experiment.store, but holds "
                        + Quoted.of(name) + ", which is no run's. Move it away, or set another folder with"
                        + " -Dmetaprompt.runs.");
            }
        }
    }

    private static void move(Path from, Path folder) throws IOException {
        Files.move(from, folder.resolve(from.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes what a run directory holds, except for its ledger and hidden files: its lock is one, and held. */
    private static void clear(Path run) throws IOException {
        Files.deleteIfExists(run.resolve(RunDirectory.RECORD));
        for (Path child : children(run)) {
            String name = child.getFileName().toString();
            if (!name.startsWith(".") && !name.equals(Attempts.FILE)) {
                PlainFiles.delete(child);
            }
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        }
    }

    private interface Work {
        void in(Path work) throws IOException;
    }

    /** On the same disk as the runs, so that files can be renamed into place. */
    private void inWorkFolder(Work work) {
        try {
            Files.createDirectories(folder);
            Path place = Files.createTempDirectory(folder, WORK);
            try {
                work.in(place);
            } finally {
                PlainFiles.delete(place);
            }
        } catch (IOException | UncheckedIOException e) {
            throw unusable(folder, e);
        }
    }

    private static InvalidInputException unusable(Path place, Exception e) {
        return new InvalidInputException(
                place + ": cannot be used for the runs of experiment.store (" + Quoted.reason(e)
                        + "). Make room or permit writing there, then run again.",
                e);
    }

    /** Digits follow where the system chose the name; what a person names like that is a person's. */
    private static boolean isWork(Path place) {
        return place.getFileName().toString().matches(Pattern.quote(WORK) + "\\d+")
                && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS);
    }

    /** Deletes what killed processes left behind. */
    private static void deleteLeftovers(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Instant old = Instant.now().minus(LEFTOVER);
        try (DirectoryStream<Path> places = Files.newDirectoryStream(folder, MlflowStore::isWork)) {
            for (Path place : places) {
                if (Files.getLastModifiedTime(place).toInstant().isBefore(old)) {
                    PlainFiles.delete(place);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // They take room, and harm nobody otherwise.
        }
    }
}
