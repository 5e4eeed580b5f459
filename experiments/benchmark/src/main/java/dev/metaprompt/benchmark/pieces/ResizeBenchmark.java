package dev.metaprompt.benchmark.pieces;

import dev.metaprompt.RandomStream;
import dev.metaprompt.image.ImagePipeline;
import dev.metaprompt.image.PixelImage;
import dev.metaprompt.image.Preprocessing;
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

/** A decoded photograph to the view that the encoder reads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ResizeBenchmark {
    /** Columns and rows of the photograph. */
    @Param({"500x375", "1024x683"})
    public String size;

    private PixelImage image;
    private ImagePipeline pipeline;
    private float[] normalized;
    private byte[] view;

    /** Makes a picture of noise. */
    @Setup(Level.Trial)
    public void make() {
        int width = Integer.parseInt(size.substring(0, size.indexOf('x')));
        int height = Integer.parseInt(size.substring(size.indexOf('x') + 1));
        byte[] samples = new byte[3 * width * height];
        RandomStream random = RandomStream.of(1, "noise");
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) random.nextInt(256);
        }
        image = PixelImage.rgb(width, height, samples);
        pipeline = new ImagePipeline(Preprocessing.CLIP_224);
        normalized = new float[3 * pipeline.size() * pipeline.size()];
        view = pipeline.centerCrop(image);
    }

    /**
     * The view of a test image.
     *
     * @return its pixels
     */
    @Benchmark
    public byte[] centreCrop() {
        return pipeline.centerCrop(image);
    }

    /**
     * A view for training.
     *
     * @return its pixels
     */
    @Benchmark
    public byte[] randomView() {
        return pipeline.randomView(image, RandomStream.of(1, "view"));
    }

    /**
     * Pixels to the encoder's numbers.
     *
     * @return the numbers
     */
    @Benchmark
    public float[] normalize() {
        pipeline.normalize(view, normalized, 0);
        return normalized;
    }
}
