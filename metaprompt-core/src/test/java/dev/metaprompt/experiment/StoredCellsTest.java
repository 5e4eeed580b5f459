package dev.metaprompt.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StoredCellsTest {
    private static final Cell CELL = Cells.cell(1);
    private static final Plan PLAN = Cells.plan(CELL);
    private static final CellEnd FINISHED = new CellEnd(CellEnd.Kind.FINISHED, "");

    private final List<String> events = new CopyOnWriteArrayList<>();

    /** A store that notes what is asked of it, and then does something. */
    private final class Store implements CellStore {
        private final Runnable onFetch;
        private final Runnable onKeep;

        Store(Runnable onFetch, Runnable onKeep) {
            this.onFetch = onFetch;
            this.onKeep = onKeep;
        }

        @Override
        public Path folder(Cell cell) {
            return Path.of(cell.folder());
        }

        @Override
        public void fetch(Cell cell) {
            events.add("fetch");
            onFetch.run();
        }

        @Override
        public void keep(Cell cell) {
            events.add("keep");
            onKeep.run();
        }
    }

    /** An engine that tells of some epochs and ends so. */
    private CellEngine engine(int epochs, CellEnd end) {
        return new CellEngine() {
            @Override
            public CellEnd compute(Plan plan, Cell cell, Path folder, CellWatcher watcher) {
                events.add("compute");
                for (int epoch = 1; epoch <= epochs; epoch++) {
                    watcher.progress("epoch", epoch, epochs, "");
                }
                return end;
            }

            @Override
            public void close() {
                events.add("close");
            }
        };
    }

    private CellEnd compute(CellEngine engine, CellStore store, Duration pause, CellWatcher watcher) {
        return new StoredCells(engine, store, pause).compute(PLAN, CELL, store.folder(CELL), watcher);
    }

    private CellEnd compute(CellEngine engine, CellStore store) {
        return compute(engine, store, Duration.ofHours(1), (what, done, total, detail) -> {});
    }

    private static Runnable nothing() {
        return () -> {};
    }

    private static Runnable failing(RuntimeException fault) {
        return () -> {
            throw fault;
        };
    }

    @Test
    void aCellIsFetchedComputedAndKept() {
        List<Long> heard = new ArrayList<>();
        Store store = new Store(nothing(), nothing());
        CellEnd end = compute(
                engine(3, FINISHED), store, Duration.ofHours(1), (what, done, total, detail) -> heard.add(done));
        assertEquals(FINISHED, end);
        assertEquals(List.of("fetch", "compute", "keep"), events);
        assertEquals(List.of(1L, 2L, 3L), heard);
    }

    @Test
    void checkpointsAreKeptBesideTheComputationOneAtATime() {
        CountDownLatch computed = new CountDownLatch(1);
        Store slow = new Store(nothing(), () -> await(computed));
        CellEnd end = compute(engine(100, FINISHED), slow, Duration.ZERO, (what, done, total, detail) -> {
            if (done == total) {
                computed.countDown();
            }
        });
        assertEquals(FINISHED, end);
        assertEquals(List.of("fetch", "compute", "keep", "keep"), events);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCheckpointThatCannotBeKeptHarmsNothing() {
        Store store = new Store(nothing(), () -> {
            if (events.stream().filter("keep"::equals).count() == 1) {
                throw new IllegalStateException("away");
            }
        });
        assertEquals(FINISHED, compute(engine(2, FINISHED), store, Duration.ZERO, (w, d, t, x) -> {}));
        assertEquals(List.of("fetch", "compute", "keep", "keep"), events);
    }

    @Test
    void aCellThatTheStoreDoesNotHaveIsNotFinished() {
        Store store = new Store(nothing(), failing(new IllegalStateException("away")));
        assertEquals(new CellEnd(CellEnd.Kind.FAILED, "away"), compute(engine(0, FINISHED), store));
        CellEnd invalid = new CellEnd(CellEnd.Kind.INVALID, "no such model");
        assertEquals(invalid, compute(engine(0, invalid), store));
    }

    @Test
    void withoutWhatTheStoreHasNothingIsComputed() {
        Store away = new Store(failing(new IllegalStateException("away")), nothing());
        assertEquals(new CellEnd(CellEnd.Kind.FAILED, "away"), compute(engine(1, FINISHED), away));
        Store refused = new Store(failing(new InvalidInputException("no key")), nothing());
        assertEquals(new CellEnd(CellEnd.Kind.INVALID, "no key"), compute(engine(1, FINISHED), refused));
        assertEquals(List.of("fetch", "fetch"), events);
    }

    @Test
    void aCellOfAnotherProcessIsNotKept() {
        CellEnd busy = new CellEnd(CellEnd.Kind.BUSY, "another process computes it");
        assertSame(busy, compute(engine(0, busy), new Store(nothing(), nothing())));
        assertEquals(List.of("fetch", "compute"), events);
    }

    @Test
    void aStoppedCellIsKeptButNotWaitedForLong() {
        CellEnd stopped = new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped");
        CellEngine engine = new CellEngine() {
            @Override
            public CellEnd compute(Plan plan, Cell cell, Path folder, CellWatcher watcher) {
                Thread.currentThread().interrupt();
                return stopped;
            }

            @Override
            public void close() {}
        };
        long start = System.nanoTime();
        Store hanging = new Store(nothing(), () -> {
            try {
                TimeUnit.MINUTES.sleep(1);
            } catch (InterruptedException e) {
                events.add("abandoned");
            }
        });
        assertEquals(stopped, compute(engine, hanging));
        assertTrue(Thread.interrupted(), "the interruption was lost");
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(20).toNanos(), "the stop was held up");
        assertEquals(stopped, compute(engine, new Store(nothing(), nothing())));
        assertTrue(Thread.interrupted(), "the interruption was lost");
    }

    @Test
    void aFinishedCellWhoseLastUploadIsCutOffIsNotFinished() {
        CellEngine engine = new CellEngine() {
            @Override
            public CellEnd compute(Plan plan, Cell cell, Path folder, CellWatcher watcher) {
                Thread.currentThread().interrupt();
                return FINISHED;
            }

            @Override
            public void close() {}
        };
        CountDownLatch never = new CountDownLatch(1);
        Store hanging = new Store(nothing(), () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                events.add("abandoned");
            }
        });
        CellEnd end = compute(engine, hanging);
        assertTrue(Thread.interrupted(), "the interruption was lost");
        assertEquals(CellEnd.Kind.INTERRUPTED, end.kind());
        assertEquals(FINISHED, compute(engine, new Store(nothing(), nothing())));
        assertTrue(Thread.interrupted(), "the interruption was lost");
    }

    @Test
    void itsEngineIsClosedWithIt() {
        new StoredCells(engine(0, FINISHED), new Store(nothing(), nothing()), Duration.ZERO).close();
        assertEquals(List.of("close"), events);
    }
}
