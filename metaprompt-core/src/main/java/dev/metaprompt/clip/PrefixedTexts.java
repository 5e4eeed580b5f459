package dev.metaprompt.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.metaprompt.tensor.Pass;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Texts that begin alike: fixed tokens, then vectors that may be learned, then each text's own tokens. What does not
 * change is looked up once.
 */
public final class PrefixedTexts {
    private final TextEncoder encoder;
    private final NDArray head;
    private final NDArray tails;
    private final int[] lengths;

    /**
     * Looks the fixed tokens up.
     *
     * @param manager owner of the kept embeddings
     * @param encoder the text tower
     * @param head token ids before the vectors, at least one
     * @param vectors how many vectors follow, n
     * @param tails token ids of C texts behind the vectors, each up to and with its end token
     */
    public PrefixedTexts(NDManager manager, TextEncoder encoder, int[] head, int vectors, int[][] tails) {
        this.encoder = encoder;
        this.lengths = Arrays.stream(tails).mapToInt(tail -> tail.length).toArray();
        long width = encoder.config().text().width();
        NDArray positions = encoder.weights().textPositions();
        NDArray begin = encoder.embed(manager, new int[][] {head}).reshape(head.length, width);
        this.head = begin.add(positions.get("0:" + head.length));
        int[] flat = Arrays.stream(tails).flatMapToInt(Arrays::stream).toArray();
        long[] places = new long[flat.length];
        int next = 0;
        for (int length : lengths) {
            for (int i = 0; i < length; i++) {
                places[next++] = head.length + vectors + i;
            }
        }
        NDArray tokens = encoder.embed(manager, new int[][] {flat}).reshape(flat.length, width);
        this.tails = tokens.add(positions.get(manager.create(places)));
        this.head.attach(manager);
        this.tails.attach(manager);
        begin.close();
        tokens.close();
    }

    /**
     * Returns the number of texts.
     *
     * @return C
     */
    public int size() {
        return lengths.length;
    }

    /**
     * Encodes some of the texts; differentiable with respect to the vectors.
     *
     * @param vectors without positions [n, W]
     * @param texts U indices of texts, distinct
     * @return unnormalised features [U, D]
     */
    public NDArray encode(NDArray vectors, int[] texts) {
        return encoder.encode(packed(vectors, texts), packing(vectors, texts));
    }

    /**
     * As {@link #encode}, for gradients: the way back may be one that the engine does not know.
     *
     * @param vectors a leaf that requires a gradient, without positions [n, W]
     * @param texts U indices of texts, distinct
     * @return the features with their way back
     */
    public Pass pass(NDArray vectors, int[] texts) {
        Optional<TextTape> tape = encoder.tape();
        if (tape.isEmpty()) {
            return new Pass(encode(vectors, texts), collector -> {});
        }
        TextTape.Recording recording =
                tape.get().record(packed(vectors.stopGradient(), texts), packing(vectors, texts));
        NDArray ends = recording.ends();
        ends.setRequiresGradient(true);
        long before = head.getShape().get(0);
        String rows = before + ":" + (before + vectors.getShape().get(0));
        return new Pass(encoder.project(ends), collector -> {
            NDArray gradient = recording.carry(ends.getGradient()).get(rows);
            // Their product's derivative by the vectors is the gradient itself: so it reaches the leaf.
            collector.backward(vectors.mul(gradient).sum());
        });
    }

    private Packing packing(NDArray vectors, int[] texts) {
        int[] some = Arrays.stream(texts).map(text -> lengths[text]).toArray();
        return new Packing((int) (head.getShape().get(0) + vectors.getShape().get(0)), some);
    }

    // [n, W] -> [P + T, W]
    private NDArray packed(NDArray vectors, int[] texts) {
        NDManager manager = vectors.getManager();
        long n = vectors.getShape().get(0);
        long before = head.getShape().get(0);
        // A result belongs to its first operand's owner: the caller's scope, not the kept embeddings'.
        NDArray begin = head.duplicate();
        begin.attach(manager);
        NDArray middle = vectors.add(encoder.weights().textPositions().get(before + ":" + (before + n)));
        NDArray own = texts.length == size() ? tails : tails.get(manager.create(rows(texts)));
        return NDArrays.concat(new NDList(begin, middle, own), 0);
    }

    private long[] rows(int[] texts) {
        int[] starts = new int[lengths.length];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + lengths[i - 1];
        }
        return Arrays.stream(texts)
                .flatMap(text -> IntStream.range(starts[text], starts[text] + lengths[text]))
                .asLongStream()
                .toArray();
    }
}
