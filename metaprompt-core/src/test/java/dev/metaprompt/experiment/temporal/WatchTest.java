package dev.metaprompt.experiment.temporal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a submitter says while a server is away, or refuses. */
class WatchTest {
    private final List<String> said = new ArrayList<>();

    private final Progress progress = new Progress() {
        @Override
        public void phase(String text) {
            said.add(text);
        }

        @Override
        public void update(String what, long done, long total, String detail) {}
    };

    private Watch watch(Duration refused) {
        return new Watch(Bench.options("server:7233", "default"), progress, () -> false, refused);
    }

    @Test
    void aServerThatIsAwayIsWaitedForAndToldOfOnce() {
        AtomicInteger asked = new AtomicInteger();
        Optional<String> answer = watch(Duration.ofSeconds(30)).patiently(() -> {
            if (asked.incrementAndGet() < 4) {
                throw Status.UNAVAILABLE.asRuntimeException();
            }
            return "here";
        });
        assertEquals(Optional.of("here"), answer);
        assertEquals(List.of("the server at server:7233 is away; waiting for it", "the server is back"), said);
    }

    @Test
    void aServerThatStartsMayNotKnowTheWorkflowAtOnce() {
        AtomicInteger asked = new AtomicInteger();
        watch(Duration.ofSeconds(30)).patiently(() -> {
            if (asked.incrementAndGet() < 3) {
                throw Status.NOT_FOUND.asRuntimeException();
            }
            return "here";
        });
        assertEquals(3, asked.get());
        assertTrue(said.isEmpty(), said.toString());
    }

    @Test
    void aServerThatHasForgottenTheWorkflowIsNotWaitedForForever() {
        InvalidInputException e = assertThrows(
                InvalidInputException.class,
                () -> watch(Duration.ofMillis(1500)).patiently(() -> {
                    throw Status.NOT_FOUND.withDescription("workflow not found").asRuntimeException();
                }));
        assertTrue(e.getMessage().contains("NOT_FOUND (workflow not found)"), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }

    @Test
    void whoeverInterruptsWaitsNoLonger() {
        Watch watch = new Watch(Bench.options("server:7233", "default"), progress, () -> true, Duration.ofSeconds(30));
        assertEquals(Optional.empty(), watch.patiently(() -> {
            throw Status.UNAVAILABLE.asRuntimeException();
        }));
    }
}
