package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.metaprompt.RandomStream;
import java.util.Map;

/** Linear layers and layer norms by name, in PyTorch's layout. */
final class Layers {
    private static final float NORM_EPSILON = 1e-5f;

    private Layers() {}

    static NDArray linear(Map<String, NDArray> parameters, String name, NDArray x) {
        return x.getNDArrayInternal()
                .linear(x, parameters.get(name + ".weight"), parameters.get(name + ".bias"))
                .singletonOrThrow();
    }

    static NDArray norm(Map<String, NDArray> parameters, String name, NDArray x) {
        NDArray weight = parameters.get(name + ".weight");
        return x.getNDArrayInternal()
                .layerNorm(x, weight.getShape(), weight, parameters.get(name + ".bias"), NORM_EPSILON)
                .singletonOrThrow();
    }

    /** Adds weight [out, in] and bias [out]; zero, or Xavier-uniform with a stream of its own and a zero bias. */
    static void addLinear(
            Map<String, NDArray> target, NDManager manager, String name, int out, int in, boolean zero, long seed) {
        float[] weight = new float[out * in];
        if (!zero) {
            RandomStream random = RandomStream.of(seed, name + ".weight");
            double bound = Math.sqrt(6.0 / (in + out));
            for (int i = 0; i < weight.length; i++) {
                weight[i] = (float) random.nextDouble(-bound, bound);
            }
        }
        target.put(name + ".weight", manager.create(weight, new Shape(out, in)));
        target.put(name + ".bias", manager.zeros(new Shape(out)));
    }

    static void addNorm(Map<String, NDArray> target, NDManager manager, String name, int width) {
        target.put(name + ".weight", manager.ones(new Shape(width)));
        target.put(name + ".bias", manager.zeros(new Shape(width)));
    }
}
