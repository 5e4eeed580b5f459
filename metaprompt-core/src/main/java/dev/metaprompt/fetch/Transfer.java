package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One file on its way: goes on where it broke off, starts again where the bytes are wrong. */
final class Transfer {
    private final RemoteFile file;
    private final String name;
    private final PartFile part;
    private final Http http;
    private final Patience patience;
    private final Progress progress;

    Transfer(RemoteFile file, String name, PartFile part, Http http, Patience patience, Progress progress) {
        this.file = file;
        this.name = name;
        this.part = part;
        this.http = http;
        this.patience = patience;
        this.progress = progress;
    }

    /**
     * Fetches the file whole.
     *
     * @throws InvalidInputException if it cannot be had or is not what was expected
     */
    void run(Retries retries) {
        String wrong = onePass(retries);
        if (!wrong.isEmpty()) {
            // what went on from an earlier day may be the cause: one pass from the first byte decides
            progress.phase(name + ": " + wrong + "; fetched again from the start");
            wrong = onePass(retries);
        }
        if (!wrong.isEmpty()) {
            throw new InvalidInputException(name + ": " + wrong + ", twice, from " + Words.uri(file.uri())
                    + ". Nothing of it was kept. The server or a proxy on the way alters it: try another network or"
                    + " mirror.");
        }
        part.publish();
    }

    /** Fetches what is missing; returns what is wrong with the whole, having deleted it then. */
    private String onePass(Retries retries) {
        String wrong = retries.call(name, Words.uri(file.uri()), part::length, progress, this::receive);
        if (wrong.isEmpty()) {
            wrong = part.fault(file);
        }
        if (!wrong.isEmpty()) {
            refuseWebPage(part.looksLikeWebPage());
            part.delete();
        }
        return wrong;
    }

    /** One request; returns what is wrong with the answer, or nothing when all bytes are there. */
    private String receive() throws IOException, InterruptedException {
        PartFile.Memory memory = part.memory(file);
        long from = memory == null ? 0 : part.length();
        if (memory != null && memory.total() == from) {
            return "";
        }
        try (Reply reply = http.ask("GET", file, headers(memory, from), any -> false)) {
            return switch (reply.status()) {
                case 200 -> whole(reply, from);
                case 206 -> rest(reply, memory, from);
                case 416 -> nothingLeft(reply, from);
                default -> throw reply.refusal(file, Clock.systemUTC());
            };
        }
    }

    private static Map<String, String> headers(PartFile.Memory memory, long from) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (memory != null) {
            headers.put("Range", "bytes=" + from + "-");
            if (!memory.validator().isEmpty()) {
                headers.put("If-Range", memory.validator());
            }
        }
        return headers;
    }

    private String whole(Reply reply, long from) throws IOException, InterruptedException {
        refuseWebPage(reply.isWebPage() && !name.endsWith(".html"));
        long total = reply.length().orElse(-1);
        requireWithinLimit(Math.max(total, file.size().orElse(0)));
        if (file.size().isPresent() && total >= 0 && total != file.size().getAsLong()) {
            part.delete();
            return PartFile.wrongLength(total, file);
        }
        if (from > 0) {
            progress.phase(name + ": the server has a new version or cannot go on at " + Words.bytes(from)
                    + "; starts at the beginning");
        }
        part.begin(new PartFile.Memory(file.uri().toString(), reply.validator(), total));
        return copy(reply, 0, total);
    }

    private String rest(Reply reply, PartFile.Memory memory, long from) throws IOException, InterruptedException {
        Reply.Range range = reply.range().orElse(new Reply.Range(-1, -1, -1));
        long total = range.total();
        boolean fits = memory != null
                && range.first() == from
                && (total < 0 || range.last() == total - 1)
                && (total < 0 || memory.total() < 0 || memory.total() == total)
                && (file.size().isEmpty() || total < 0 || total == file.size().getAsLong())
                && (memory.validator().isEmpty()
                        || reply.validator().isEmpty()
                        || reply.validator().equals(memory.validator()));
        if (!fits) {
            part.delete();
            throw new Trouble("the server sent another part than asked for");
        }
        requireWithinLimit(total);
        progress.phase(name + ": goes on at " + Words.bytes(from));
        return copy(reply, from, total >= 0 ? total : Math.max(memory.total(), range.last() + 1));
    }

    /** The server has nothing behind what we have: either all is there, or it is something else. */
    private String nothingLeft(Reply reply, long from) throws Trouble {
        long total = reply.range().map(Reply.Range::total).orElse(-1L);
        if (from > 0 && total == from) {
            return "";
        }
        part.delete();
        throw new Trouble("the server has no bytes behind " + Words.bytes(from));
    }

    private String copy(Reply reply, long from, long total) throws IOException, InterruptedException {
        long expected = total >= 0 ? total : file.size().orElse(-1);
        Rate rate = new Rate(name, from, expected, progress);
        long length = from;
        try (FileChannel channel = part.append()) {
            for (List<ByteBuffer> bytes = reply.body().next(patience.stall());
                    !bytes.isEmpty();
                    bytes = reply.body().next(patience.stall())) {
                length += part.write(channel, bytes);
                requireWithinLimit(length);
                rate.reached(length);
                if (expected >= 0 && length > expected) {
                    return "has more than the " + expected + " bytes expected";
                }
            }
        }
        if (length < expected) {
            throw new Trouble("the connection ended at " + Words.bytes(length) + " of " + Words.bytes(expected));
        }
        rate.finished(length);
        return "";
    }

    /** Also where the server announces nothing and sends without end. */
    private void requireWithinLimit(long bytes) {
        if (bytes > file.most()) {
            part.delete();
            throw new InvalidInputException(Words.uri(file.uri()) + ": " + name + " has more than the "
                    + Words.bytes(file.most()) + " that may come. Nothing of it was kept. " + file.advice());
        }
    }

    private void refuseWebPage(boolean page) {
        if (page) {
            part.delete();
            throw new InvalidInputException(Words.uri(file.uri())
                    + ": the server sent a web page (HTML) instead of the file " + name
                    + ". A proxy or a sign-in page may stand between: open the address in a browser. "
                    + file.advice());
        }
    }
}
