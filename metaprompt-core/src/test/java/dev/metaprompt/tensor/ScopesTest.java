package dev.metaprompt.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScopesTest {
    @Test
    void theResultStaysAndWhatItWasMadeOfGoes() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray x = manager.create(new float[] {1, 2});
            List<NDArray> between = new ArrayList<>();
            NDArray kept;
            try (NDScope outer = new NDScope()) {
                outer.suppressNotUsedWarning();
                kept = Scopes.keeping(() -> {
                    between.add(x.add(x));
                    return between.get(0).mul(x);
                });
                assertArrayEquals(new float[] {2, 8}, kept.toFloatArray());
                assertThrows(IllegalStateException.class, () -> between.get(0).toFloatArray());
            }
            assertThrows(IllegalStateException.class, kept::toFloatArray, "the caller's scope owns it");
            NDArray alone = Scopes.keeping(() -> x.add(x));
            assertArrayEquals(new float[] {2, 4}, alone.toFloatArray());
        }
    }

    @Test
    void gradientsPassThrough() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray x = manager.create(new float[] {3});
            x.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray cube = Scopes.keeping(() -> x.mul(x).mul(x));
                collector.backward(cube.sum());
            }
            assertEquals(27, x.getGradient().getFloat(), 1e-5);
        }
    }
}
