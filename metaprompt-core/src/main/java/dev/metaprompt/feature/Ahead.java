package dev.metaprompt.feature;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Makes the next item in a thread of its own while the caller uses the last one; never more than one ahead. */
final class Ahead<T> implements AutoCloseable {
    private final int count;
    private final IntFunction<T> maker;
    private final ExecutorService thread;
    private int made;
    private Future<T> next;

    Ahead(int count, IntFunction<T> maker) {
        this.count = count;
        this.maker = maker;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread created = new Thread(task, "metaprompt-decode");
            created.setDaemon(true);
            return created;
        });
        begin();
    }

    private void begin() {
        int index = made++;
        next = index < count ? thread.submit(() -> maker.apply(index)) : null;
    }

    /** Waits for the next item. What its maker threw is thrown here. */
    T next() {
        try {
            T item = next.get();
            begin();
            return item;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while images were decoded", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
