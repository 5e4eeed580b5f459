package dev.metaprompt.fetch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.Sha256;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.function.Executable;

/** What the tests of this package share. */
final class Fetching {
    static final Patience FAST = patience(Duration.ofSeconds(5));
    /** For processes that wait for one another. */
    static final Patience CALM = patience(Duration.ofSeconds(40));
    /** For servers that hang. */
    static final Patience HASTY = patience(Duration.ofMillis(400));

    private Fetching() {}

    private static Patience patience(Duration stall) {
        return new Patience(
                Duration.ofSeconds(5), stall, 4, Duration.ofMillis(5), Duration.ofSeconds(1), Duration.ofMillis(20));
    }

    /** Bytes that compress badly and never repeat in a test. */
    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    static Digest digest(byte[] bytes) {
        return Digest.sha256(Sha256.hex(bytes));
    }

    /** Expects a failure with a message of one line that ends in a sentence. */
    static String fails(Executable work) {
        String message = assertThrows(InvalidInputException.class, work).getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }

    /** Keeps all that is told. */
    static final class Heard implements Progress {
        final List<String> phases = new CopyOnWriteArrayList<>();
        final List<String> updates = new CopyOnWriteArrayList<>();

        @Override
        public void phase(String text) {
            phases.add(text);
        }

        @Override
        public void update(String what, long done, long total, String detail) {
            if (done < 0 || done > total) {
                throw new IllegalArgumentException(what + " " + done + " of " + total);
            }
            updates.add(what + " " + done + "/" + total + " " + detail);
        }

        boolean told(String part) {
            return phases.stream().anyMatch(line -> line.contains(part));
        }
    }
}
