package dev.metaprompt.pretrain;

import ai.djl.Device;
import ai.djl.engine.Engine;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipConfig;
import dev.metaprompt.data.textures.TextureRenderer;
import dev.metaprompt.image.ImagePipeline;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trains nano-CLIP from scratch and writes its folder.
 *
 * <p>The same options give the same bytes on the same machine with the same number of threads, interrupted or not: a
 * checkpoint lies in the folder until the training is done. Optimiser: AdamW, decay 0.1 on matrices, gradients clipped
 * to norm 1, linear warm-up, then a cosine to zero.
 */
public final class Pretraining {
    private static final int RECORD_EVERY = 50;
    private static final int CHECKPOINT_EVERY = 25;

    private final PretrainingOptions options;
    private final Device device;
    private final List<String> names = TextureRenderer.classNames();
    private final NanoClip nano = new NanoClip(names);
    private final List<Map<String, Object>> losses = new ArrayList<>();

    /**
     * Creates the training.
     *
     * @param options how long and on what
     * @param device where tensors are computed
     */
    public Pretraining(PretrainingOptions options, Device device) {
        this.options = options;
        this.device = device;
    }

    /**
     * Tells whether a folder holds the checkpoint of an interrupted pretraining.
     *
     * @param folder a model folder
     * @return true if {@link #run} may go on there
     */
    public static boolean canGoOn(Path folder) {
        return Files.isRegularFile(folder.resolve(Checkpoint.FILE));
    }

    /**
     * Trains and writes {@code config.json}, {@code model.safetensors}, {@code preprocessor_config.json},
     * {@code tokenizer.json}, {@code tokenizer_config.json} and {@code training-record.json}.
     *
     * @param folder where to; made if missing, files of these names are replaced
     * @param progress hears of rendering and steps
     * @throws InvalidInputException if the folder cannot be written
     */
    public void run(Path folder, Progress progress) {
        long start = System.nanoTime();
        try {
            Files.createDirectories(folder);
            nano.write(folder);
            train(folder, progress);
            NanoClip.json(folder.resolve("training-record.json"), record((System.nanoTime() - start) / 1e9));
            new Checkpoint(folder, options).delete();
        } catch (IOException e) {
            throw new InvalidInputException(
                    "model folder " + folder + " cannot be written (" + Quoted.reason(e) + "): name another with out",
                    e);
        }
    }

    private void train(Path folder, Progress progress) {
        ClipConfig config = nano.config();
        ImagePipeline pipeline = new ImagePipeline(NanoClip.preprocessing());
        Captions captions = new Captions(names);
        Checkpoint checkpoint = new Checkpoint(folder, options);
        try (Tokenizer tokenizer = Tokenizer.open(folder, config.context());
                ContrastiveTrainer trainer = new ContrastiveTrainer(config, tokenizer, options.seed(), device)) {
            TexturePool pool = new TexturePool(pipeline, options.seed(), options.imagesPerClass(), progress);
            for (int step = trainer.resume(checkpoint, losses); step < options.steps(); step++) {
                Batch batch = Batch.draw(pool, pipeline, captions, options.groups(), options.seed(), step);
                report(step, trainer.step(batch, learningRate(step)), progress);
                if ((step + 1) % CHECKPOINT_EVERY == 0) {
                    trainer.write(checkpoint, step + 1, losses);
                }
            }
            trainer.write(folder.resolve("model.safetensors"));
        }
    }

    /** Linear warm-up, then half a cosine down to zero. */
    double learningRate(int step) {
        if (step < options.warmup()) {
            return options.learningRate() * (step + 1) / options.warmup();
        }
        double t = (double) (step - options.warmup()) / Math.max(1, options.steps() - options.warmup());
        return options.learningRate() * 0.5 * (1 + StrictMath.cos(StrictMath.PI * t));
    }

    private void report(int step, double loss, Progress progress) {
        if (step % RECORD_EVERY == 0 || step == options.steps() - 1) {
            losses.add(line(step, Math.round(loss * 1e4) / 1e4));
        }
        progress.update("pretraining steps", step + 1L, options.steps(), String.format(Locale.ROOT, "loss %.3f", loss));
    }

    /** One line of the training record. */
    static Map<String, Object> line(int step, double loss) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("loss", loss);
        return line;
    }

    private Map<String, Object> record(double seconds) {
        Engine engine = Engine.getInstance();
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("options", options);
        record.put("threads", System.getProperty("ai.djl.pytorch.num_threads", "default"));
        record.put("engine", engine.getEngineName() + " " + engine.getVersion());
        record.put("java", System.getProperty("java.version"));
        record.put("seconds", Math.round(seconds));
        record.put("losses", losses);
        return record;
    }

    /** The losses recorded so far, for tests. */
    List<Map<String, Object>> losses() {
        return List.copyOf(losses);
    }
}
