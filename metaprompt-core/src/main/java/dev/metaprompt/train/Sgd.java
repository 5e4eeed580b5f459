package dev.metaprompt.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.tensor.TorchScript;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent by PyTorch's rule: {@code g ← ∇ + wd·θ; m ← μ·m + g; θ ← θ − lr·m}. Owns the momentum.
 */
public final class Sgd implements AutoCloseable {
    private final NDManager manager;
    private final TorchScript script;
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
        this.manager = owner.newSubManager();
        this.script = TorchScript.load(
                manager,
                Sgd.class,
                "Sgd",
                Map.of("momentum", momentum, "decay", weightDecay),
                Map.of("__torch__", "sgd.torchscript"));
        parameters.forEach((name, array) -> buffers.put(name, manager.zeros(array.getShape())));
    }

    /**
     * Steps one tensor in place.
     *
     * @param name the tensor's name
     * @param parameter θ
     * @param gradient ∇, same shape; overwritten
     * @param learningRate lr
     */
    public void step(String name, NDArray parameter, NDArray gradient, double learningRate) {
        List<NDArray> state = TorchScript.list(List.of(gradient, buffers.get(name)));
        try (NDArray rate = parameter.getManager().create((float) learningRate)) {
            script.call("step", parameter, state, rate).close();
        }
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
