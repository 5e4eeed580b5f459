package dev.metaprompt.run;

import dev.metaprompt.TestJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A second JVM for tests: does what its first argument says, tells on stdout, ends when stdin ends. */
final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private OtherProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static OtherProcess start(String... arguments) throws IOException {
        return new OtherProcess(
                TestJvm.of(OtherProcess.class, List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"), arguments)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    String line() throws IOException {
        return output.readLine();
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

    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("lock")) {
            RunLock lock = RunDirectory.open(Path.of(arguments[1])).lock();
            System.out.println("locked");
            while (System.in.read() >= 0) {
                // holds the lock until the parent closes the stream
            }
            lock.close();
        } else {
            for (int i = 0; i < 20; i++) {
                System.out.println(RunDirectory.create(Path.of(arguments[1]), "clip", "d", 5, 2, 1, Records.START)
                        .id());
            }
        }
    }
}
