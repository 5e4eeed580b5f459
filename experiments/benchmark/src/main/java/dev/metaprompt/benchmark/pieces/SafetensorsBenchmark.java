package dev.metaprompt.benchmark.pieces;

import dev.metaprompt.tensor.TensorFile;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A weight file from the disk's cache into arrays. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SafetensorsBenchmark {
    /** A checkpoint folder, or the embedded model. */
    @Param("nano-clip")
    public String model;

    private Path file;

    /** Finds the file. */
    @Setup(Level.Trial)
    public void find() {
        file = Checkpoint.find(model).weights();
    }

    /**
     * Opens the file alone: its header.
     *
     * @return how many tensors it holds
     */
    @Benchmark
    public int open() {
        try (TensorFile tensors = TensorFile.open(file)) {
            return tensors.names().size();
        }
    }

    /**
     * Reads every tensor.
     *
     * @param hole takes the values
     */
    @Benchmark
    public void readAll(Blackhole hole) {
        try (TensorFile tensors = TensorFile.open(file)) {
            tensors.names().stream()
                    .filter(name -> !name.endsWith("position_ids"))
                    .forEach(name -> hole.consume(tensors.readFloats(name)));
        }
    }
}
