package dev.metaprompt.benchmark.pieces;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.method.ClassPrompts;
import dev.metaprompt.method.ContextVectors;
import dev.metaprompt.text.SoftPrompt;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** Text features of all classes and back to the context vectors. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TextStepBenchmark {
    /** A checkpoint folder, or the embedded model. */
    @Param("nano-clip")
    public String model;

    /** C. */
    @Param("24")
    public int classes;

    private ClipModel clip;
    private NDManager manager;
    private ClassPrompts prompts;
    private NDArray context;

    /** Looks the fixed tokens up. */
    @Setup(Level.Trial)
    public void open() {
        clip = Checkpoint.open(model);
        manager = NDManager.newBaseManager(clip.device());
        SoftPrompt prompt = SoftPrompt.of(clip.tokenizer(), 4, "random");
        prompts = new ClassPrompts(
                manager,
                clip,
                IntStream.range(0, classes)
                        .mapToObj(c -> prompt.tokens(clip.tokenizer(), Texts.className(c)))
                        .toList());
        context = ContextVectors.initial(manager, clip, prompt, 1);
        context.setRequiresGradient(true);
    }

    /** Lets go of the model. */
    @TearDown(Level.Trial)
    public void close() {
        manager.close();
        clip.close();
    }

    /**
     * Forward and backward.
     *
     * @return the gradient's length
     */
    @Benchmark
    public float forwardAndBackward() {
        try (NDScope scope = new NDScope();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            scope.suppressNotUsedWarning();
            collector.zeroGradients();
            collector.backward(prompts.encode(context).normalize(2, -1).sum());
            return context.getGradient().norm().getFloat();
        }
    }

    /**
     * Forward alone, as evaluation does it.
     *
     * @return the features' sum
     */
    @Benchmark
    public float forward() {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return prompts.encode(context.stopGradient()).normalize(2, -1).sum().getFloat();
        }
    }
}
