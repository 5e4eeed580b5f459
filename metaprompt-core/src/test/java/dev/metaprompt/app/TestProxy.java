package dev.metaprompt.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy on loopback that hears all: it tunnels CONNECT and passes on plain requests, to this machine whatever host is
 * asked for, as a test's hosts are nowhere else.
 */
final class TestProxy implements AutoCloseable {
    final List<String> heard = new CopyOnWriteArrayList<>();
    final List<String> logins = new CopyOnWriteArrayList<>();
    private final ServerSocket listener;
    private final int tlsPort;
    private final int plainPort;
    private final String wanted;

    /**
     * Listens.
     *
     * @param tlsPort where tunnels lead
     * @param plainPort where plain requests go
     * @param login {@code user:password} without which nothing passes; empty for none
     */
    TestProxy(int tlsPort, int plainPort, String login) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.tlsPort = tlsPort;
        this.plainPort = plainPort;
        this.wanted = login.isEmpty()
                ? ""
                : "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "test-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            String line = head.lines().findFirst().orElse("");
            heard.add(line);
            String login = head.lines()
                    .filter(header -> header.toLowerCase(java.util.Locale.ROOT).startsWith("proxy-authorization:"))
                    .map(header -> header.substring(header.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
            logins.add(login);
            if (!wanted.isEmpty() && !wanted.equals(login)) {
                send(
                        client,
                        "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n"
                                + "Connection: close\r\n\r\n");
                return;
            }
            boolean tunnel = line.startsWith("CONNECT ");
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), tunnel ? tlsPort : plainPort)) {
                if (tunnel) {
                    send(client, "HTTP/1.1 200 OK\r\n\r\n");
                } else {
                    send(server, passedOn(head));
                }
                start(() -> copy(client, server));
                copy(server, client);
            }
        } catch (IOException | UncheckedIOException e) {
            // The client has gone, which a test sees for itself.
        }
    }

    private static String passedOn(String head) {
        return head.replaceFirst("http://[^/ ]+", "").replaceAll("(?i)Proxy-Authorization:.*\r\n", "");
    }

    private static void send(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        to.getOutputStream().flush();
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One of them has gone.
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int last = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            bytes.write(next);
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                break;
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
