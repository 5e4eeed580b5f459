package dev.metaprompt.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM of its own that trains and tells its memory after every block of steps: the steps so far, resident kB,
 * allocated kB, open arrays. Its heap is touched as a whole before it starts, so that what grows lies outside. It
 * compiles nothing: the compiler's own memory comes and goes by megabytes in the same allocator.
 */
final class MemoryProcess {
    static final int BLOCK = 50;
    private static final int FLOATS_OF_A_KB = 256;

    private MemoryProcess() {}

    /** What it says after a block. */
    record Line(int steps, long residentKb, long allocatedKb, int arrays) {}

    /** Runs steps of which each leaks some kB of engine memory. */
    static List<Line> run(Path folder, int steps, int leakKb) throws IOException, InterruptedException {
        ProcessBuilder builder = TestJvm.of(
                MemoryProcess.class,
                List.of(
                        "-Xms64m",
                        "-Xmx64m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-Xint",
                        "-Dai.djl.pytorch.num_threads=1"),
                folder.toString(),
                String.valueOf(steps),
                String.valueOf(leakKb));
        Path errors = folder.resolve("errors.txt");
        Process process = builder.redirectError(errors.toFile()).start();
        List<Line> lines = new ArrayList<>();
        try (var output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(parse(line.split(" ")));
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.waitFor() != 0) {
            throw new IOException(Files.readString(errors));
        }
        return lines;
    }

    private static Line parse(String[] words) {
        return new Line(
                Integer.parseInt(words[0]),
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Integer.parseInt(words[3]));
    }

    public static void main(String[] arguments) throws IOException {
        int steps = Integer.parseInt(arguments[1]);
        int leaked = FLOATS_OF_A_KB * Integer.parseInt(arguments[2]);
        try (NanoTraining training =
                        NanoTraining.ofMetaPrompt(Path.of(arguments[0]).resolve("models"));
                NDManager leaks = NDManager.newBaseManager()) {
            for (int step = 0; step < steps; step++) {
                training.step(step);
                if (leaked > 0) {
                    leak(leaks, leaked);
                }
                if ((step + 1) % BLOCK == 0) {
                    tell(step + 1, training.manager);
                }
            }
        }
    }

    private static void leak(NDManager manager, int floats) {
        try (NDArray javaOwned = manager.create(new float[floats], new Shape(floats))) {
            NDScope.unregister(javaOwned.duplicate());
        }
    }

    private static void tell(int steps, NDManager manager) throws IOException {
        System.gc();
        String resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .map(line -> line.replaceAll("\\D", ""))
                .findFirst()
                .orElseThrow();
        int arrays = manager.getParentManager().getManagedArrays().size();
        System.out.println(steps + " " + resident + " " + NativeHeap.allocatedKb() + " " + arrays);
    }
}
