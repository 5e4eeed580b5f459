package dev.metaprompt.fetch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A web server on loopback that answers as badly as a test wants. One request a connection. */
final class TestServer implements AutoCloseable {
    /** What was asked. */
    record Seen(String method, String path, Map<String, String> headers) {
        String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }
    }

    /** Answers one request. */
    @FunctionalInterface
    interface Answer {
        void to(Seen seen, Wire wire) throws IOException, InterruptedException;
    }

    /** The way back to the client. */
    final class Wire {
        private final Socket socket;
        private final OutputStream out;

        Wire(Socket socket) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
        }

        /** Sends status and headers, each as {@code Name: value}. */
        void head(int status, String... headers) throws IOException {
            StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " x\r\nConnection: close\r\n");
            for (String header : headers) {
                text.append(header).append("\r\n");
            }
            out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        void bytes(byte[] bytes, int from, int to) throws IOException {
            out.write(bytes, from, to - from);
            out.flush();
            served.addAndGet(to - from);
        }

        /** Ends the connection as a broken line does. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Sends nothing more until the test is over. */
        void hang() throws InterruptedException {
            over.await(60, TimeUnit.SECONDS);
        }

        /** A status without a body. */
        void status(int status, String... headers) throws IOException {
            String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
            all[headers.length] = "Content-Length: 0";
            head(status, all);
        }

        /** Serves as a good server does: HEAD, ranges, If-Range. */
        void file(Seen seen, byte[] bytes, String etag) throws IOException {
            int from = start(seen, etag);
            String length = "Content-Length: " + (bytes.length - from);
            if (from > 0) {
                String range = "Content-Range: bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length;
                head(206, length, range, "ETag: " + etag);
            } else {
                head(200, length, "ETag: " + etag, "Content-Type: application/octet-stream");
            }
            if (!seen.method().equals("HEAD")) {
                bytes(bytes, from, bytes.length);
            }
        }

        private static int start(Seen seen, String etag) {
            String range = seen.header("Range");
            String ifRange = seen.header("If-Range");
            boolean same = ifRange == null || ifRange.equals(etag);
            return range == null || !same ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        }
    }

    final List<Seen> seen = new CopyOnWriteArrayList<>();
    /** Body bytes sent. */
    final AtomicLong served = new AtomicLong();

    private final CountDownLatch over = new CountDownLatch(1);
    private final ServerSocket socket;
    private final Answer answer;

    TestServer(Answer answer) throws IOException {
        this.answer = answer;
        this.socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        daemon(this::accept);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "test-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                daemon(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = in.readLine();
            if (line == null) {
                return;
            }
            String[] first = line.split(" ");
            Map<String, String> headers = new TreeMap<>();
            for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
            Seen request = new Seen(first[0], first[1], headers);
            seen.add(request);
            answer.to(request, new Wire(client));
        } catch (IOException | InterruptedException e) {
            // the client went away or the test is over
        }
    }

    /** An address here; the host as a number, or by name where a test wants another origin. */
    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
    }

    /** How many requests of a method came. */
    long count(String method) {
        return seen.stream().filter(request -> request.method().equals(method)).count();
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        socket.close();
    }
}
