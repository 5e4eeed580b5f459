package dev.metaprompt.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Stochastic gradient descent by PyTorch's rule: {@code g ← ∇ + wd·θ; m ← μ·m + g; θ ← θ − lr·m}. Owns the momentum.
 */
public final class Sgd implements AutoCloseable {
    private final double momentum;
    private final double weightDecay;
    private final NDManager manager;
    private final Map<String, NDArray> buffers = new LinkedHashMap<>();

    /**
     * Creates the optimiser with zero momentum: the first step's m is then g.
     *
     * @param parameters what will be stepped
     * @param momentum μ
     * @param weightDecay wd
     * @param owner parent of the momentum's manager
     */
    public Sgd(Map<String, NDArray> parameters, double momentum, double weightDecay, NDManager owner) {
        this.momentum = momentum;
        this.weightDecay = weightDecay;
        this.manager = owner.newSubManager();
        parameters.forEach((name, array) -> buffers.put(name, manager.zeros(array.getShape())));
    }

    /**
     * Steps one tensor in place.
     *
     * @param name the tensor's name
     * @param parameter θ
     * @param gradient ∇, same shape; not changed
     * @param learningRate lr
     */
    public void step(String name, NDArray parameter, NDArray gradient, double learningRate) {
        NDArray buffer = buffers.get(name);
        NDArray decayed = parameter.mul((float) weightDecay).addi(gradient);
        buffer.muli((float) momentum).addi(decayed);
        parameter.subi(buffer.mul((float) learningRate));
    }

    /**
     * Returns the momentum.
     *
     * @return m of every tensor by its name, owned by the optimiser; may be written to when resuming
     */
    public Map<String, NDArray> buffers() {
        return buffers;
    }

    @Override
    public void close() {
        manager.close();
    }
}
