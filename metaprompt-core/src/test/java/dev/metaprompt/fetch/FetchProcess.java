package dev.metaprompt.fetch;

import dev.metaprompt.Progress;
import dev.metaprompt.TestJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A second JVM that fetches an address to a file and tells on stdout what it hears; ends with a line "done". */
final class FetchProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private FetchProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static FetchProcess start(URI source, Path target) throws IOException {
        return new FetchProcess(TestJvm.of(
                        FetchProcess.class,
                        List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"),
                        source.toString(),
                        target.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Reads on until a line holds the text; null if the process ends before. */
    String lineWith(String text) throws IOException {
        String line = output.readLine();
        while (line != null && !line.contains(text)) {
            line = output.readLine();
        }
        return line;
    }

    long pid() {
        return process.pid();
    }

    /** Kills it without a chance to tidy up. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }

    public static void main(String[] arguments) {
        Progress progress = new Progress() {
            @Override
            public void phase(String text) {
                System.out.println(text);
            }

            @Override
            public void update(String what, long done, long total, String detail) {}
        };
        RemoteFile file = RemoteFile.of(URI.create(arguments[0]));
        new Download(Fetching.CALM).fetch(file, Path.of(arguments[1]), progress);
        System.out.println("done");
    }
}
