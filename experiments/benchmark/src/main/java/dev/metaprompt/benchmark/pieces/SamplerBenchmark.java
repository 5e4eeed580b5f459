package dev.metaprompt.benchmark.pieces;

import dev.metaprompt.episode.EpisodeOptions;
import dev.metaprompt.episode.EpisodeSampler;
import dev.metaprompt.episode.Task;
import java.util.List;
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

/** The tasks of a meta-iteration. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SamplerBenchmark {
    /** N. */
    @Param({"5", "10", "20"})
    public int way;

    private EpisodeSampler sampler;
    private long step;

    /** Makes the sampler of four tasks from 24 classes of 16 images. */
    @Setup(Level.Trial)
    public void make() {
        sampler = new EpisodeSampler(new EpisodeOptions(way, 2, 16, 4, false), 24, 16, 1);
    }

    /**
     * Draws one step's tasks.
     *
     * @return the tasks
     */
    @Benchmark
    public List<Task> draw() {
        return sampler.draw(++step);
    }
}
