package dev.metaprompt.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TorchScriptTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private TorchScript load(Map<String, Object> constants, String product) {
        return TorchScript.load(
                manager,
                TorchScriptTest.class,
                "Affine",
                constants,
                Map.of("__torch__", "affine.torchscript", "__torch__/product", product));
    }

    private NDArray array(float... values) {
        return manager.create(values);
    }

    @Test
    void constantsAndListsReachTheScript() {
        TorchScript script = load(Map.of("times", -3, "shift", 0.5, "squared", false), "product.torchscript");
        NDArray x = array(1, 2);
        List<NDArray> others = TorchScript.list(List.of(array(10, 20), array(100, 200)));
        assertArrayEquals(
                new float[] {107.5f, 434.5f}, script.call("run", x, others).toFloatArray());
    }

    @Test
    void gradientsPassOnlyWhereAskedFor() {
        TorchScript script = load(Map.of("times", 2, "shift", 1.0, "squared", true), "product.torchscript");
        NDArray x = array(3);
        x.setRequiresGradient(true);
        List<NDArray> zero = TorchScript.list(List.of(array(0)));
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(script.callDifferentiably("run", x, zero));
            // d/dx (2x + 1)² = 4 (2x + 1)
            assertEquals(28, x.getGradient().getFloat());
            NDArray cut = script.call("run", x, zero);
            assertEquals(49, cut.getFloat());
            assertThrows(EngineException.class, () -> collector.backward(cut));
        }
    }

    /** What FrozenImageTower relies on: a library that the engine lacks is found when loading, not at the first image. */
    @Test
    void anOperationThatTheEngineLacksIsFoundWhenLoading() {
        Map<String, Object> constants = Map.of("times", 1, "shift", 0.0, "squared", false);
        assertThrows(EngineException.class, () -> load(constants, "no-such-product.torchscript"));
    }

    @Test
    void otherConstantsAreRefused() {
        Map<String, Object> constants = Map.of("times", "one", "shift", 0.0, "squared", false);
        assertThrows(IllegalArgumentException.class, () -> load(constants, "product.torchscript"));
    }
}
