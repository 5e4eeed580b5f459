package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    @Test
    void everyActionRunsOnceHoweverOftenItIsRequested() {
        AtomicInteger runs = new AtomicInteger();
        Interruption interruption = new Interruption(Duration.ofMinutes(1), () -> {});
        interruption.onRequest(runs::incrementAndGet);
        interruption.onRequest(runs::incrementAndGet);
        assertFalse(interruption.requested());
        interruption.request();
        interruption.request();
        assertTrue(interruption.requested());
        assertEquals(2, runs.get());
    }

    @Test
    void anActionRegisteredTooLateRunsAtOnce() {
        AtomicInteger runs = new AtomicInteger();
        Interruption interruption = new Interruption(Duration.ofMinutes(1), () -> {});
        interruption.request();
        interruption.onRequest(runs::incrementAndGet);
        assertEquals(1, runs.get());
    }

    @Test
    void aCommandThatWindsUpInTimeIsNotEndedByForce() throws Exception {
        CountDownLatch forced = new CountDownLatch(1);
        Interruption interruption = new Interruption(Duration.ofMillis(300), forced::countDown);
        interruption.request();
        interruption.commandEnded();
        assertTrue(interruption.awaitCommand());
        assertFalse(forced.await(600, TimeUnit.MILLISECONDS));
    }

    @Test
    void aCommandThatIgnoresTheRequestIsEndedByForce() throws Exception {
        CountDownLatch forced = new CountDownLatch(1);
        new Interruption(Duration.ofMillis(50), forced::countDown).request();
        assertTrue(forced.await(10, TimeUnit.SECONDS));
    }

    @Test
    void aRequestAfterTheCommandEndedMeansNothing() {
        AtomicInteger runs = new AtomicInteger();
        Interruption interruption = new Interruption(Duration.ofMillis(10), runs::incrementAndGet);
        interruption.onRequest(runs::incrementAndGet);
        interruption.commandEnded();
        interruption.request();
        assertFalse(interruption.requested());
        assertEquals(0, runs.get());
    }
}
