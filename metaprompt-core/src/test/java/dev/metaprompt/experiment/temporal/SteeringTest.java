package dev.metaprompt.experiment.temporal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.Plan;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pause, resume, cancel and attach, while batches come and go. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SteeringTest {
    private final Bench bench = new Bench();

    @AfterEach
    void stop() {
        bench.close();
    }

    /** Starts a plan's workflow with batches of a size of the test's. */
    private WorkflowStub start(Plan plan, int window, int batch) {
        WorkflowStub stub = bench.connection
                .client()
                .newUntypedWorkflowStub(
                        "Experiment",
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(TemporalRunner.workflowId(plan))
                                .setTaskQueue(bench.connection.options().taskQueue())
                                .build());
        stub.start(new ExperimentInput(plan.name(), plan.id(), plan.cells().size(), window, batch, "metaprompt", 30));
        return stub;
    }

    @Test
    void batchesMayEndWhileTheyAreToldToPause() throws Exception {
        bench.work(4, cell -> Bench.finished());
        Plan plan = bench.plan(400);
        WorkflowStub workflow = start(plan, 10, 2);
        for (int i = 0; i < 40; i++) {
            workflow.signal("pause");
            workflow.signal("resume");
            TimeUnit.MILLISECONDS.sleep(10);
        }
        Ended ended = workflow.getResult(60, TimeUnit.SECONDS, Ended.class);
        assertEquals(400, ended.finished());
        assertEquals(400, bench.computed.size());
    }

    @Test
    void aPausedExperimentBeginsNothingMoreThoughCellsAreScheduled() throws Exception {
        bench.work(1, cell -> {
            sleep(100);
            return Bench.finished();
        });
        Plan plan = bench.plan(60);
        WorkflowStub workflow = start(plan, 50, 500);
        while (bench.computed.isEmpty()) {
            sleep(20);
        }
        bench.runner().pause(plan);
        assertTrue(bench.runner().standing(plan).paused());
        // It is known to workers within two seconds.
        sleep(3000);
        int begun = bench.computed.size();
        sleep(1500);
        assertEquals(begun, bench.computed.size());
        assertTrue(begun < 50, begun + " cells begun");
        assertEquals(begun, bench.runner().standing(plan).finished());
        bench.runner().resume(plan);
        assertEquals(60, workflow.getResult(90, TimeUnit.SECONDS, Ended.class).finished());
        assertEquals(60, bench.computed.size());
    }

    @Test
    void whatHasEndedCannotBeSteered() {
        bench.work(1, cell -> Bench.finished());
        Plan plan = bench.plan(1);
        bench.runner().run(plan, () -> false);
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> bench.runner().pause(plan));
        assertTrue(e.getMessage().contains("has ended already"), e.getMessage());
    }

    @Test
    void cellsThatWorkersHaveInHandAreListedWithWhereTheyAre() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        bench.work(1, (cell, watcher) -> {
            watcher.progress("epoch", 3, 100, "");
            told.countDown();
            await(go);
            return Bench.finished();
        });
        Plan plan = bench.plan(3);
        WorkflowStub workflow = start(plan, 10, 500);
        told.await();
        List<Working> working = bench.runner().working(plan);
        for (int i = 0;
                i < 200 && working.stream().noneMatch(cell -> cell.where().equals("epoch 3/100"));
                i++) {
            sleep(50);
            working = bench.runner().working(plan);
        }
        go.countDown();
        assertEquals(1, working.size());
        assertEquals("epoch 3/100", working.get(0).where());
        assertEquals(1, working.get(0).attempt());
        assertEquals(3, workflow.getResult(60, TimeUnit.SECONDS, Ended.class).finished());
    }

    @Test
    void aCancelledExperimentStopsItsCells() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        bench.work(1, cell -> {
            first.countDown();
            try {
                Thread.sleep(60_000);
                return Bench.finished();
            } catch (InterruptedException e) {
                stopped.countDown();
                Thread.currentThread().interrupt();
                return new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped");
            }
        });
        Plan plan = bench.plan(3);
        Throwable[] seen = new Throwable[1];
        Thread submitter = new Thread(() -> seen[0] =
                assertThrows(InvalidInputException.class, () -> bench.runner().run(plan, () -> false)));
        submitter.start();
        first.await();
        bench.runner().cancel(plan);
        assertTrue(stopped.await(60, TimeUnit.SECONDS), "the cell goes on");
        submitter.join();
        assertTrue(seen[0].getMessage().contains("was canceled"), seen[0].getMessage());
        assertEquals(1, bench.computed.size());
    }

    @Test
    void aSecondSubmitterAttaches() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        bench.work(2, cell -> {
            first.countDown();
            await(go);
            return Bench.finished();
        });
        Plan plan = bench.plan(4);
        AtomicInteger sum = new AtomicInteger();
        Thread one = new Thread(() -> sum.addAndGet(
                bench.runner().run(plan, () -> false).orElseThrow().finished()));
        one.start();
        first.await();
        Thread two = new Thread(() -> sum.addAndGet(
                bench.runner().run(plan, () -> false).orElseThrow().finished()));
        two.start();
        Thread.sleep(300);
        go.countDown();
        one.join();
        two.join();
        assertEquals(8, sum.get());
        assertEquals(1, bench.computed.get(0).get());
    }

    @Test
    void anInterruptedSubmitterLeavesTheWorkflowRunning() {
        bench.work(1, cell -> Bench.finished());
        Plan plan = bench.plan(2);
        assertFalse(bench.runner().run(plan, () -> true).isPresent());
        assertEquals(2, bench.runner().attach(plan, () -> false).orElseThrow().finished());
    }

    @Test
    void anExperimentThatWasNeverStartedCannotBeAttachedTo() {
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> bench.runner().attach(bench.plan(1), () -> false));
        assertTrue(e.getMessage().contains("leaving attach out"), e.getMessage());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
