package dev.metaprompt.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * AdamW in PyTorch's form (Loshchilov and Hutter, ICLR 2019): decay first, then the step with bias correction.
 *
 * <p>{@code θ ← θ − η·λ·θ; m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)}
 */
final class AdamW {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.98;
    private static final double EPSILON = 1e-6;

    private final List<NDArray> parameters;
    private final List<NDArray> means = new ArrayList<>();
    private final List<NDArray> squares = new ArrayList<>();
    private final double decay;
    private int step;

    /** Creates the optimiser; its state belongs to the manager. Decay acts on arrays of two or more axes only. */
    AdamW(NDManager manager, List<NDArray> parameters, double decay) {
        this.parameters = List.copyOf(parameters);
        this.decay = decay;
        for (NDArray parameter : parameters) {
            means.add(manager.zeros(parameter.getShape()));
            squares.add(manager.zeros(parameter.getShape()));
        }
    }

    /** The running mean of a parameter's gradient, owned by the optimiser's manager. */
    NDArray mean(int parameter) {
        return means.get(parameter);
    }

    /** The running mean of a parameter's squared gradient, owned by the optimiser's manager. */
    NDArray square(int parameter) {
        return squares.get(parameter);
    }

    /** Says that so many steps were taken before, whose state the moments hold. */
    void resume(int steps) {
        step = steps;
    }

    /**
     * Takes one step.
     *
     * @param gradients of the parameters, in their order; changed
     * @param learningRate η
     */
    void step(List<NDArray> gradients, double learningRate) {
        step++;
        double first = learningRate / (1 - StrictMath.pow(BETA1, step));
        double second = StrictMath.sqrt(1 - StrictMath.pow(BETA2, step));
        for (int i = 0; i < parameters.size(); i++) {
            NDArray parameter = parameters.get(i);
            NDArray gradient = gradients.get(i);
            if (parameter.getShape().dimension() > 1) {
                parameter.muli((float) (1 - learningRate * decay));
            }
            means.get(i).muli((float) BETA1).addi(gradient.mul((float) (1 - BETA1)));
            squares.get(i).muli((float) BETA2).addi(gradient.square().muli((float) (1 - BETA2)));
            NDArray divisor = squares.get(i).sqrt().divi((float) second).addi((float) EPSILON);
            parameter.subi(means.get(i).mul((float) first).divi(divisor));
        }
    }
}
