package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.metaprompt.clip.TransformerWeights.Affine;
import dev.metaprompt.clip.TransformerWeights.Layer;
import dev.metaprompt.tensor.Scalars;
import dev.metaprompt.tensor.Scopes;
import java.util.List;

/**
 * A causal transformer over texts with a common beginning. What the beginning's tokens become depends on no text, so
 * they are computed once and every text attends to their keys and values; linear layers see the packed tokens, without
 * padding; in the last layer only the end tokens are computed, since nothing else is read. The result is that of {@link
 * Transformer} up to rounding.
 */
final class PrefixedTransformer {
    private final TransformerWeights weights;
    private final Packing packing;
    private final NDArray padded;
    private final NDArray places;
    private final NDArray ends;
    private final NDArray causalMask;
    private final NDArray endMask;
    private final NDArray prefixMask;

    PrefixedTransformer(TransformerWeights weights, Packing packing, NDManager manager) {
        this.weights = weights;
        this.packing = packing;
        long seen = packing.prefix() + packing.longest();
        this.padded = manager.create(packing.padded());
        this.places = manager.create(packing.places());
        this.ends = manager.create(packing.ends());
        this.causalMask = manager.create(packing.causalMask(), new Shape(packing.longest(), seen));
        this.endMask = manager.create(packing.endMask(), new Shape(packing.texts(), 1, 1, seen));
        this.prefixMask = TextEncoder.causalMask(manager, packing.prefix());
    }

    /** Turns packed hidden states [P + T, W] into the end tokens' [C, W]. */
    NDArray forward(NDArray x) {
        List<Layer> layers = weights.layers();
        for (Layer layer : layers.subList(0, layers.size() - 1)) {
            NDArray input = x;
            x = Scopes.keeping(() -> layer(layer, input));
        }
        Layer last = layers.get(layers.size() - 1);
        x = rows(x, ends).add(endAttention(last, norm(x, last.norm1())));
        return x.add(Transformer.mlp(weights, last, norm(x, last.norm2())));
    }

    private NDArray layer(Layer layer, NDArray x) {
        NDArray attended = x.add(attention(layer, norm(x, layer.norm1())));
        return attended.add(Transformer.mlp(weights, layer, norm(attended, layer.norm2())));
    }

    private NDArray norm(NDArray x, Affine affine) {
        return Transformer.norm(x, affine, weights.epsilon());
    }

    // [n, ...] and m rows -> [m, ...]; as an embedding, whose gradient the engine adds up in a fixed order
    private static NDArray rows(NDArray table, NDArray index) {
        return table.getNDArrayInternal()
                .embedding(index, table, SparseFormat.DENSE)
                .singletonOrThrow();
    }

    private NDArray attention(Layer layer, NDArray x) {
        NDArray projected = Transformer.linear(x, layer.queryKeyValue());
        NDList prefix = prefixParts(projected, 3);
        NDList text = textParts(projected, 3);
        NDArray ofPrefix = mix(prefix.get(0), prefix.get(1), prefix.get(2), prefixMask);
        NDArray ofTexts =
                mix(text.get(0), joined(prefix.get(1), text.get(1)), joined(prefix.get(2), text.get(2)), causalMask);
        long width = x.getShape().get(1);
        NDArray prefixRows = ofPrefix.transpose(1, 0, 2).reshape(packing.prefix(), width);
        NDArray textRows =
                rows(ofTexts.transpose(0, 2, 1, 3).reshape((long) packing.texts() * packing.longest(), width), places);
        return Transformer.linear(prefixRows.concat(textRows, 0), layer.output());
    }

    private NDArray endAttention(Layer layer, NDArray x) {
        long width = x.getShape().get(1);
        long heads = weights.heads();
        Affine all = layer.queryKeyValue();
        NDArray query = Transformer.linear(rows(x, ends), part(all, 0, width))
                .reshape(packing.texts(), heads, 1, width / heads);
        NDArray projected = Transformer.linear(x, part(all, width, 3 * width));
        NDList prefix = prefixParts(projected, 2);
        NDList text = textParts(projected, 2);
        NDArray mixed = mix(query, joined(prefix.get(0), text.get(0)), joined(prefix.get(1), text.get(1)), endMask);
        return Transformer.linear(mixed.reshape(packing.texts(), width), layer.output());
    }

    private static Affine part(Affine affine, long from, long to) {
        String slice = from + ":" + to;
        return new Affine(affine.weight().get(slice), affine.bias().get(slice));
    }

    // [P + T, n·W] -> n of [H, P, W/H]
    private NDList prefixParts(NDArray projected, int parts) {
        long heads = weights.heads();
        long head = projected.getShape().get(1) / parts / heads;
        NDArray split = projected
                .get("0:" + packing.prefix())
                .reshape(packing.prefix(), parts, heads, head)
                .transpose(1, 2, 0, 3);
        return squeezed(split, parts);
    }

    // [P + T, n·W] -> n of [C, H, longest, W/H]
    private NDList textParts(NDArray projected, int parts) {
        long heads = weights.heads();
        long head = projected.getShape().get(1) / parts / heads;
        NDArray split = rows(projected, padded)
                .reshape(packing.texts(), packing.longest(), parts, heads, head)
                .transpose(2, 0, 3, 1, 4);
        return squeezed(split, parts);
    }

    private static NDList squeezed(NDArray stacked, int parts) {
        NDList list = new NDList();
        for (NDArray part : stacked.split(parts, 0)) {
            list.add(part.squeeze(0));
        }
        return list;
    }

    // [H, P, w] and [C, H, longest, w] -> [C, H, P + longest, w]
    private static NDArray joined(NDArray prefix, NDArray text) {
        Shape shape = prefix.getShape();
        NDArray shared =
                prefix.expandDims(0).broadcast(text.getShape().get(0), shape.get(0), shape.get(1), shape.get(2));
        return NDArrays.concat(new NDList(shared, text), 2);
    }

    private static NDArray mix(NDArray query, NDArray key, NDArray value, NDArray mask) {
        int[] transposed = key.getShape().dimension() == 3 ? new int[] {0, 2, 1} : new int[] {0, 1, 3, 2};
        double scale = 1 / Math.sqrt(query.getShape().get(query.getShape().dimension() - 1));
        NDArray scores = Scalars.mul(query, scale).matMul(key.transpose(transposed));
        return scores.add(mask).softmax(-1).matMul(value);
    }
}
