package dev.metaprompt.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.metaprompt.method.CrossAttentionOptions.Init;
import dev.metaprompt.method.CrossAttentionOptions.Input;
import dev.metaprompt.method.CrossAttentionOptions.Scope;
import dev.metaprompt.tensor.Scalars;
import java.util.Map;

/**
 * The multi-modal prototype of a class: its text feature asks, the features of its support images answer.
 *
 * <pre>
 * q = w_c Wq      k = S_c Wk      v = S_c Wv
 * z_c = w_c + Attn(q, k, v) Wo
 * p_c = z_c + W2 gelu(W1 z_c)
 * </pre>
 */
public final class MultimodalPrototype {
    private static final String ATTENTION = "crossAttention.";
    private static final String MLP_HIDDEN = "mlp.hidden";
    private static final String MLP_OUTPUT = "mlp.output";

    private final CrossAttentionOptions attention;
    private final MlpOptions mlp;
    private final int width;

    /**
     * Prototypes with what shows where the attention looked.
     *
     * @param prototypes p_c, not normalised [T, N, D]
     * @param attentionEntropy mean entropy over supports in nats, a single value without gradient
     */
    public record Result(NDArray prototypes, NDArray attentionEntropy) {}

    /**
     * Creates the module; its parameters are passed to every call.
     *
     * @param attention choices of the cross-attention
     * @param mlp choices of the MLP
     * @param width D
     */
    public MultimodalPrototype(CrossAttentionOptions attention, MlpOptions mlp, int width) {
        this.attention = attention;
        this.mlp = mlp;
        this.width = width;
    }

    /**
     * Adds the module's parameters as they are before training.
     *
     * @param target receives them by name
     * @param manager owner of the tensors
     * @param seed the run's seed
     */
    public void addInitial(Map<String, NDArray> target, NDManager manager, long seed) {
        boolean zero = attention.init() == Init.ZERO;
        for (String part : new String[] {"query", "key", "value"}) {
            Layers.addLinear(target, manager, ATTENTION + part, width, width, false, seed);
        }
        Layers.addLinear(target, manager, ATTENTION + "output", width, width, zero, seed);
        if (attention.norm()) {
            Layers.addNorm(target, manager, ATTENTION + "queryNorm", width);
            Layers.addNorm(target, manager, ATTENTION + "keyNorm", width);
        }
        int hidden = mlp.ratio() * width;
        Layers.addLinear(target, manager, MLP_HIDDEN, hidden, width, false, seed);
        // Without the residual a zero W2 would make every prototype zero.
        Layers.addLinear(target, manager, MLP_OUTPUT, width, hidden, zero && mlp.residual(), seed);
        if (mlp.norm()) {
            Layers.addNorm(target, manager, "mlp.norm", width);
        }
    }

    /**
     * Computes prototypes.
     *
     * @param parameters the module's parameters
     * @param text unnormalised text features [T, N, D]
     * @param support unnormalised image features [T, N, K, D]
     * @return prototypes and attention entropy
     */
    public Result forward(Map<String, NDArray> parameters, NDArray text, NDArray support) {
        NDArray unitText = text.normalize(2, -1);
        boolean raw = attention.input() == Input.RAW;
        NDArray queries = raw ? text : unitText;
        NDArray keys = raw ? support : support.normalize(2, -1);
        if (attention.norm()) {
            queries = Layers.norm(parameters, ATTENTION + "queryNorm", queries);
            keys = Layers.norm(parameters, ATTENTION + "keyNorm", keys);
        }
        Attended attended = attend(parameters, queries, keys);
        NDArray z = unitText.add(Layers.linear(parameters, ATTENTION + "output", attended.values));
        return new Result(mlp(parameters, z), attended.entropy);
    }

    private record Attended(NDArray values, NDArray entropy) {}

    // queries [T, N, D], keys [T, N, K, D] -> [T, N, D]; G groups of A askers and M answers each
    private Attended attend(Map<String, NDArray> parameters, NDArray queries, NDArray keys) {
        long tasks = keys.getShape().get(0);
        long way = keys.getShape().get(1);
        long shot = keys.getShape().get(2);
        boolean own = attention.scope() == Scope.CLASS;
        long groups = own ? tasks * way : tasks;
        long askers = own ? 1 : way;
        long answers = own ? shot : way * shot;
        NDArray q = split(Layers.linear(parameters, ATTENTION + "query", queries), groups, askers);
        NDArray k = split(Layers.linear(parameters, ATTENTION + "key", keys), groups, answers);
        NDArray v = split(Layers.linear(parameters, ATTENTION + "value", keys), groups, answers);
        NDArray scores =
                Scalars.mul(q, Math.sqrt((double) attention.heads() / width)).matMul(k.transpose(0, 1, 3, 2));
        NDArray weights = scores.softmax(-1);
        NDArray values = weights.matMul(v).transpose(0, 2, 1, 3).reshape(tasks, way, width);
        NDArray entropy =
                weights.mul(scores.logSoftmax(-1)).sum(new int[] {-1}).mean().neg();
        return new Attended(values, entropy.stopGradient());
    }

    // [..., D] -> [G, heads, rows, D/heads]
    private NDArray split(NDArray x, long groups, long rows) {
        long heads = attention.heads();
        return x.reshape(groups, rows, heads, width / heads).transpose(0, 2, 1, 3);
    }

    private NDArray mlp(Map<String, NDArray> parameters, NDArray z) {
        NDArray input = mlp.norm() ? Layers.norm(parameters, "mlp.norm", z) : z;
        NDArray hidden = Layers.linear(parameters, MLP_HIDDEN, input);
        NDArray active = hidden.getNDArrayInternal().gelu();
        NDArray output = Layers.linear(parameters, MLP_OUTPUT, active);
        return mlp.residual() ? z.add(output) : output;
    }

    /**
     * ProtoNet's mean of the text feature and the supports, all unit vectors.
     *
     * @param text unnormalised text features [T, N, D]
     * @param support unnormalised image features [T, N, K, D]
     * @return prototypes [T, N, D], not normalised
     */
    static NDArray mean(NDArray text, NDArray support) {
        long shot = support.getShape().get(2);
        NDArray sum = text.normalize(2, -1)
                .add(support.normalize(2, -1).sum(new int[] {2}).toType(DataType.FLOAT32, false));
        return Scalars.mul(sum, 1.0 / (shot + 1));
    }
}
