package dev.metaprompt.tracking;

import dev.metaprompt.Sha256;
import dev.metaprompt.io.PlainFiles;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Takes an answer's bytes into a file as they come, no more than a limit, and gives their SHA-256. */
final class BoundedFile implements HttpResponse.BodySubscriber<String> {
    private final Path file;
    private final long most;
    private final MessageDigest digest = Sha256.begin();
    private final CompletableFuture<String> result = new CompletableFuture<>();
    private Flow.Subscription subscription;
    private FileChannel channel;
    private long length;

    BoundedFile(Path file, long most) {
        this.file = file;
        this.most = most;
    }

    @Override
    public CompletionStage<String> getBody() {
        return result;
    }

    @Override
    public void onSubscribe(Flow.Subscription to) {
        subscription = to;
        try {
            channel = PlainFiles.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            to.request(1);
        } catch (IOException e) {
            to.cancel();
            result.completeExceptionally(e);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        try {
            for (ByteBuffer buffer : buffers) {
                take(buffer);
            }
            subscription.request(1);
        } catch (IOException e) {
            subscription.cancel();
            onError(e);
        }
    }

    private void take(ByteBuffer buffer) throws IOException {
        length += buffer.remaining();
        if (length > most) {
            throw new TooLongException(most);
        }
        digest.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void onError(Throwable fault) {
        close();
        result.completeExceptionally(fault);
    }

    @Override
    public void onComplete() {
        close();
        result.complete(Sha256.hex(digest));
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            result.completeExceptionally(e);
        }
    }
}
