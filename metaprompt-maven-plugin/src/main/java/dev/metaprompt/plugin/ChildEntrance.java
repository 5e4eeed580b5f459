package dev.metaprompt.plugin;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The loopback port at which the child reports. Any program of this machine can come here: of each that does, only the
 * bytes of a token are read, each in a thread of its own, so that nobody's silence keeps the child waiting. The first
 * who shows the token is the child; then the port is closed, and so is everyone else.
 */
final class ChildEntrance implements Closeable {
    private static final int TOKEN_BYTES = 16;

    /** Who comes when so many have shown nothing yet takes the place of the one that waits longest. */
    private static final int MOST_WAITING = 64;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private final ServerSocket server;
    private final String token;
    private final CompletableFuture<Socket> child = new CompletableFuture<>();
    private final Deque<Socket> waiting = new ArrayDeque<>();

    private ChildEntrance(ServerSocket server, String token) {
        this.server = server;
        this.token = token;
    }

    /** Opens a free port for a new token. */
    static ChildEntrance open() throws IOException {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        ServerSocket server = new ServerSocket(0, MOST_WAITING, InetAddress.getLoopbackAddress());
        ChildEntrance entrance = new ChildEntrance(server, HexFormat.of().formatHex(bytes));
        run("metaprompt-entrance", entrance::receive);
        return entrance;
    }

    int port() {
        return server.getLocalPort();
    }

    /** Returns what the child shows before all else: characters of ASCII, always as many. */
    String token() {
        return token;
    }

    /**
     * Waits for the child.
     *
     * @param millis how long at most
     * @return empty if it has not come yet
     */
    Optional<Socket> await(long millis) throws InterruptedException {
        try {
            return Optional.of(child.get(millis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody ends the waiting so", e);
        }
    }

    private static void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void receive() {
        while (!server.isClosed()) {
            try {
                Socket visitor = server.accept();
                queue(visitor);
                run("metaprompt-visitor", () -> judge(visitor));
            } catch (IOException e) {
                // Closed, or this process has too many files open: others may close some.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private synchronized void queue(Socket visitor) {
        if (server.isClosed()) {
            closeQuietly(visitor);
        }
        waiting.addLast(visitor);
        if (waiting.size() > MOST_WAITING) {
            closeQuietly(waiting.removeFirst());
        }
    }

    /** Whatever goes wrong with a visitor, it is a stranger. */
    private void judge(Socket visitor) {
        boolean known = false;
        try {
            known = shows(visitor) && enter(visitor);
        } catch (IOException | RuntimeException e) {
            // A stranger, or one who was sent away.
        }
        if (known) {
            close();
        } else {
            sendAway(visitor);
        }
    }

    private boolean shows(Socket visitor) throws IOException {
        byte[] expected = token.getBytes(StandardCharsets.US_ASCII);
        byte[] shown = visitor.getInputStream().readNBytes(expected.length);
        return MessageDigest.isEqual(expected, shown);
    }

    private synchronized boolean enter(Socket visitor) {
        return waiting.remove(visitor) && child.complete(visitor);
    }

    private synchronized void sendAway(Socket visitor) {
        waiting.remove(visitor);
        closeQuietly(visitor);
    }

    /** Closes the port and sends away who waits there; the child's own connection stays. */
    @Override
    public synchronized void close() {
        closeQuietly(server);
        waiting.forEach(ChildEntrance::closeQuietly);
        waiting.clear();
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // It is of no use any longer, closed or not.
        }
    }
}
