package dev.metaprompt.benchmark.pieces;

import dev.metaprompt.text.Tokenizer;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A prompt to token ids. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenizerBenchmark {
    private static final int CONTEXT = 77;

    /** A checkpoint folder, or the embedded model. */
    @Param("nano-clip")
    public String model;

    private Tokenizer tokenizer;
    private int next;

    /** Opens the tokenizer. */
    @Setup(Level.Trial)
    public void open() {
        tokenizer = Tokenizer.open(Checkpoint.find(model).directory(), CONTEXT);
    }

    /** Closes it. */
    @TearDown(Level.Trial)
    public void close() {
        tokenizer.close();
    }

    /**
     * Encodes one class's prompt.
     *
     * @return its ids
     */
    @Benchmark
    public int[] encode() {
        return tokenizer.encode("a photo of a " + Texts.className(next++ & Integer.MAX_VALUE) + ".");
    }
}
