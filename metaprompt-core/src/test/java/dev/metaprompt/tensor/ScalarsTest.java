package dev.metaprompt.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalarsTest {
    /** Frees every buffer that Java has let go of between forward and backward, and writes over the memory. */
    @Test
    void theGradientSurvivesAGarbageCollectionBeforeTheBackwardPass() throws InterruptedException {
        for (int round = 0; round < 5; round++) {
            try (NDManager manager = NDManager.newBaseManager();
                    GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray x = manager.create(new float[] {1, 2, 3});
                x.setRequiresGradient(true);
                NDArray y = x;
                for (int i = 0; i < 200; i++) {
                    y = Scalars.mul(y, i % 2 == 0 ? 4 : 0.25);
                }
                List<ByteBuffer> held = overwriteFreedMemory();
                collector.backward(y.sum());
                assertArrayEquals(new float[] {1, 1, 1}, x.getGradient().toFloatArray());
                held.clear();
            }
        }
    }

    private static List<ByteBuffer> overwriteFreedMemory() throws InterruptedException {
        System.gc();
        Thread.sleep(200);
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            buffers.add(ByteBuffer.allocateDirect(Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putFloat(0, Float.NaN));
        }
        return buffers;
    }
}
