package dev.metaprompt.fetch;

import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An answer's body, piece by piece, that gives up when no byte comes for some time: an input stream of the JDK's client
 * would wait for ever. One piece is asked for at a time, so memory stays bounded.
 */
final class Chunks implements HttpResponse.BodySubscriber<Chunks> {
    /** What came: bytes, or the end with its fault, if any. */
    private record Piece(List<ByteBuffer> bytes, boolean last, Throwable fault) {}

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final AtomicReference<Flow.Subscription> source = new AtomicReference<>();

    @Override
    public CompletionStage<Chunks> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        if (source.compareAndSet(null, subscription)) {
            subscription.request(1);
        } else {
            subscription.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        pieces.add(new Piece(bytes, false, null));
    }

    @Override
    public void onError(Throwable fault) {
        pieces.add(new Piece(List.of(), true, fault));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece(List.of(), true, null));
    }

    /**
     * Waits for the next piece.
     *
     * @param stall how long to wait for it
     * @return its bytes, at least one buffer; empty at the end
     * @throws IOException if the connection broke or nothing came in time
     */
    List<ByteBuffer> next(Duration stall) throws IOException, InterruptedException {
        Piece piece = pieces.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
        if (piece == null) {
            throw new IOException("no byte came for " + Words.time(stall));
        }
        if (piece.fault() != null) {
            throw new IOException("the connection broke: " + Quoted.reason(piece.fault()), piece.fault());
        }
        if (!piece.last()) {
            source.get().request(1);
        }
        return piece.bytes();
    }

    /** Wants no more. */
    void cancel() {
        Flow.Subscription subscription = source.get();
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
