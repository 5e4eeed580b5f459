package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs of this machine that are not the child come to its port. */
@Timeout(60)
class ChildEntranceTest {
    private static final long LONG = 30_000;
    private ChildEntrance entrance;
    private final List<Socket> opened = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        entrance = ChildEntrance.open();
    }

    @AfterEach
    void close() throws IOException {
        entrance.close();
        for (Socket socket : opened) {
            socket.close();
        }
    }

    private Socket visit(String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), entrance.port());
        opened.add(socket);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private void requireThatTheChildComesIn() throws Exception {
        Socket child = visit(entrance.token() + "then\n");
        Socket let = entrance.await(LONG).orElseThrow();
        assertEquals(child.getLocalPort(), let.getPort());
        assertEquals("then", new String(let.getInputStream().readNBytes(4), StandardCharsets.UTF_8));
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aTokenIsNeverTheSameAndAlwaysAsLong() throws IOException {
        try (ChildEntrance other = ChildEntrance.open()) {
            assertTrue(entrance.token().matches("[0-9a-f]{32}"), entrance.token());
            assertTrue(!entrance.token().equals(other.token()));
        }
    }

    @Test
    void whoShowsSomethingElseIsSentAway() throws Exception {
        String wrong = entrance.token().replace('0', '1').replace('a', 'b').substring(1) + "x";
        for (String text : List.of("{\"type\":{}}\n" + " ".repeat(40), "\0".repeat(32), "é".repeat(16), wrong)) {
            assertTrue(isClosed(visit(text)), text);
        }
        assertEquals(Optional.empty(), entrance.await(1));
        requireThatTheChildComesIn();
    }

    @Test
    void nothingIsReadBehindTheTokensLength() throws Exception {
        Socket endless = visit("");
        OutputStream out = endless.getOutputStream();
        byte[] block = new byte[1 << 16];
        long[] written = {0};
        // Never a line's end: what reads one reads for as long as there is memory.
        assertThrows(IOException.class, () -> {
            while (written[0] < 1L << 30) {
                out.write(block);
                written[0] += block.length;
            }
        });
        assertTrue(written[0] < 64L << 20, written[0] + " bytes were taken");
        requireThatTheChildComesIn();
    }

    @Test
    void noSilenceKeepsTheChildWaiting() throws Exception {
        for (int i = 0; i < 200; i++) {
            visit(i % 2 == 0 ? "" : entrance.token().substring(1));
        }
        requireThatTheChildComesIn();
        for (Socket stranger : opened.subList(0, 200)) {
            assertTrue(isClosed(stranger));
        }
    }

    @Test
    void afterTheChildThePortIsClosed() throws Exception {
        requireThatTheChildComesIn();
        assertThrows(IOException.class, () -> {
            while (true) {
                visit("").close();
            }
        });
    }
}
