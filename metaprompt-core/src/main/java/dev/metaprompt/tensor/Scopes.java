package dev.metaprompt.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.function.Supplier;

/** Lets go of intermediate arrays as soon as the array they were made for is there. */
public final class Scopes {
    private Scopes() {}

    /**
     * Computes an array and closes all others that were made on the way. What the engine needs for a backward pass it
     * keeps itself.
     *
     * @param computation makes the array
     * @return the array, registered with the caller's scope where there is one, else owned by its manager
     */
    public static NDArray keeping(Supplier<NDArray> computation) {
        NDArray kept;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            kept = computation.get();
            NDScope.unregister(kept);
        }
        NDScope.register(kept);
        return kept;
    }
}
