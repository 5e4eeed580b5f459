package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.metaprompt.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LinkProgressTest {
    private final List<String> heard = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final LinkProgress progress = new LinkProgress(
            new Progress() {
                @Override
                public void phase(String text) {
                    heard.add(text);
                }

                @Override
                public void update(String what, long done, long total, String detail) {
                    heard.add(what + " " + done + "/" + total + detail);
                }
            },
            nanos::get);

    @Test
    void aTightLoopSendsFirstAndLastAndOneAnInterval() {
        for (int step = 0; step <= 1000; step++) {
            progress.update("step", step, 1000, "");
            nanos.addAndGet(1_000_000);
        }
        assertEquals("step 0/1000", heard.get(0));
        assertEquals("step 100/1000", heard.get(1));
        assertEquals("step 1000/1000", heard.get(heard.size() - 1));
        assertEquals(11, heard.size());
    }

    @Test
    void anotherPieceOfWorkIsSentAtOnce() {
        progress.update("image", 1, 9, "");
        progress.update("image", 2, 9, "");
        progress.update("epoch", 1, 5, " loss 2");
        progress.update("epoch", 1, 6, "");
        assertEquals(List.of("image 1/9", "epoch 1/5 loss 2", "epoch 1/6"), heard);
    }

    @Test
    void phasesAreNeverThinned() {
        progress.phase("a");
        progress.phase("b");
        assertEquals(List.of("a", "b"), heard);
    }
}
