package dev.metaprompt.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.RandomStream;
import dev.metaprompt.clip.ClipConfig;
import dev.metaprompt.clip.ClipWeights;

/** CLIP's initialisation (Radford et al.; {@code initialize_parameters} of the published code), by role and seed. */
final class InitialWeights implements ClipWeights.Source {
    private static final double LOGIT_SCALE = StrictMath.log(14);

    private final NDManager manager;
    private final ClipConfig config;
    private final long seed;

    InitialWeights(NDManager manager, ClipConfig config, long seed) {
        this.manager = manager;
        this.config = config;
        this.seed = seed;
    }

    @Override
    public NDArray get(String name, long... shape) {
        int size = 1;
        for (long n : shape) {
            size = (int) (size * n);
        }
        float[] values = new float[size];
        if (name.equals("logit_scale")) {
            values[0] = (float) LOGIT_SCALE;
        } else if (name.contains("norm")) {
            java.util.Arrays.fill(values, name.endsWith("weight") ? 1 : 0);
        } else if (!name.endsWith("bias")) {
            RandomStream r = RandomStream.of(seed, "weight " + name);
            double deviation = deviation(name);
            for (int i = 0; i < size; i++) {
                values[i] = (float) (deviation * r.nextGaussian());
            }
        }
        return manager.create(values, new Shape(shape));
    }

    private double deviation(String name) {
        ClipConfig.Tower tower = name.startsWith("text") ? config.text() : config.vision();
        double width = 1 / Math.sqrt(tower.width());
        if (name.contains("token_embedding")) {
            return 0.02;
        }
        if (name.startsWith("text_model.embeddings")) {
            return 0.01;
        }
        if (name.contains("patch_embedding")) {
            return 1 / Math.sqrt(3.0 * config.patch() * config.patch());
        }
        if (name.contains("out_proj") || name.contains("fc2")) {
            return width / Math.sqrt(2.0 * tower.layers());
        }
        return name.contains("fc1") ? width / Math.sqrt(2) : width;
    }
}
