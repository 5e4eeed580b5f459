package dev.metaprompt.train;

import dev.metaprompt.io.Quoted;
import dev.metaprompt.tensor.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;

/** A file of tensors in a record and in its replay. */
final class TensorPair {
    /** Of a tensor's largest value: small differences of the steps have added up in it. */
    private static final double LIMIT = 1e-2;

    private final String name;
    private final Agreement agreement;

    TensorPair(String name, Agreement agreement) {
        this.name = name;
        this.agreement = agreement;
    }

    /**
     * Compares the tensors.
     *
     * @param bits whether every bit must be the same
     * @param complete whether both must hold the same tensors; else those that both hold are compared
     */
    void compare(Path record, Path replay, boolean bits, boolean complete) {
        try (Safetensors theirs = Safetensors.open(record.resolve(name));
                Safetensors mine = Safetensors.open(replay.resolve(name))) {
            TreeSet<String> names = new TreeSet<>(theirs.names());
            if (complete) {
                agreement.same(name + ", names of tensors", names, new TreeSet<>(mine.names()));
            }
            names.retainAll(mine.names());
            for (String tensor : names) {
                compare(tensor, theirs, mine, bits);
            }
        }
    }

    private void compare(String tensor, Safetensors theirs, Safetensors mine, boolean bits) {
        String where = name + ", " + Quoted.of(tensor);
        agreement.same(where + ", shape", Arrays.toString(theirs.shape(tensor)), Arrays.toString(mine.shape(tensor)));
        float[] recorded = theirs.readFloats(tensor);
        float[] replayed = mine.readFloats(tensor);
        double scale = Agreement.FLOOR;
        for (float value : replayed) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (int i = 0; i < recorded.length; i++) {
            if (Float.floatToRawIntBits(recorded[i]) == Float.floatToRawIntBits(replayed[i])) {
                continue;
            }
            String value = where + "[" + i + "]";
            if (bits) {
                throw agreement.difference(
                        value, String.valueOf(recorded[i]), replayed[i] + " (every bit must be the same)");
            }
            agreement.close(value, recorded[i], replayed[i], Math.max(scale, Math.abs(recorded[i])), LIMIT);
        }
    }
}
