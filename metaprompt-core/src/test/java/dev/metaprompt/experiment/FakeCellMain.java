package dev.metaprompt.experiment;

import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A process that computes nothing: each cell's setting {@code act} says what it does instead. */
public final class FakeCellMain {
    private static final Gson GSON = new Gson();
    private static final BlockingQueue<String> LINES = new LinkedBlockingQueue<>();

    private FakeCellMain() {}

    public static void main(String[] args) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Thread reader = new Thread(() -> {
            input.lines().forEach(LINES::add);
            LINES.add("");
        });
        reader.setDaemon(true);
        reader.start();
        String setup = LINES.take();
        for (String line = LINES.take(); !line.isEmpty(); line = LINES.take()) {
            CellRequest request = GSON.fromJson(line, CellRequest.class);
            Path log = Path.of(request.folder() + ".log");
            String text = setup + " " + ProcessHandle.current().pid() + "\n";
            Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            act(request.cell().settings().get(0).value(), log);
        }
    }

    private static void act(String what, Path log) throws Exception {
        say(CellEvent.progress("epoch", 1, 2, "loss 1.0"));
        switch (what) {
            case "finish" -> end(CellEnd.Kind.FINISHED, "");
            case "invalid" -> end(CellEnd.Kind.INVALID, "way is 30");
            case "crash" -> Runtime.getRuntime().halt(9);
            case "crash-once" -> {
                if (Files.readAllLines(log).size() == 1) {
                    Runtime.getRuntime().halt(9);
                }
                end(CellEnd.Kind.FINISHED, "");
            }
            case "terminated" -> terminated();
            case "terminated-once" -> {
                if (Files.readAllLines(log).size() == 1) {
                    terminated();
                }
                end(CellEnd.Kind.FINISHED, "");
            }
            case "noise" -> {
                System.out.println("a library says hello\n@cell {broken");
                end(CellEnd.Kind.FINISHED, "");
            }
            case "wait" -> {
                String heard = LINES.take();
                end(heard.equals("interrupt") ? CellEnd.Kind.INTERRUPTED : CellEnd.Kind.FAILED, heard);
            }
            case "deaf" -> Thread.sleep(600_000);
            default -> throw new IllegalArgumentException(what);
        }
    }

    /** As a signal does: the cell is wound up, and the process is there for a moment longer. */
    private static void terminated() throws InterruptedException {
        end(CellEnd.Kind.INTERRUPTED, "stopped");
        Thread.sleep(300);
        Runtime.getRuntime().halt(143);
    }

    private static void end(CellEnd.Kind kind, String message) {
        say(CellEvent.end(new CellEnd(kind, message)));
    }

    private static void say(CellEvent event) {
        System.out.println(CellEvent.MARK + GSON.toJson(event));
    }
}
