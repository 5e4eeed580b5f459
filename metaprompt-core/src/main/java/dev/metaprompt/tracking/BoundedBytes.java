package dev.metaprompt.tracking;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Takes an answer's bytes into memory, no more than a limit. */
final class BoundedBytes implements HttpResponse.BodySubscriber<byte[]> {
    private final int most;
    private final boolean cut;
    private final CompletableFuture<byte[]> result = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.Subscription subscription;

    /**
     * Creates it.
     *
     * @param most in bytes
     * @param cut whether the first bytes of a longer answer will do; else such an answer is a fault
     */
    BoundedBytes(int most, boolean cut) {
        this.most = most;
        this.cut = cut;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return result;
    }

    @Override
    public void onSubscribe(Flow.Subscription to) {
        subscription = to;
        to.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            byte[] some = new byte[Math.min(buffer.remaining(), most - bytes.size())];
            boolean more = some.length < buffer.remaining();
            buffer.get(some);
            bytes.writeBytes(some);
            if (more) {
                subscription.cancel();
                end();
                return;
            }
        }
        subscription.request(1);
    }

    private void end() {
        if (cut) {
            onComplete();
        } else {
            result.completeExceptionally(new TooLongException(most));
        }
    }

    @Override
    public void onError(Throwable fault) {
        result.completeExceptionally(fault);
    }

    @Override
    public void onComplete() {
        result.complete(bytes.toByteArray());
    }
}
