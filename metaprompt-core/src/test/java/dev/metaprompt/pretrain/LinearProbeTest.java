package dev.metaprompt.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.RandomStream;
import org.junit.jupiter.api.Test;

class LinearProbeTest {
    private static final int WIDTH = 8;
    private static final int CLASSES = 5;

    @Test
    void separableClassesAreLearnedAndRandomLabelsAreNot() {
        float[][] train = new float[CLASSES * 16][];
        float[][] test = new float[CLASSES * 40][];
        RandomStream r = RandomStream.of(1, "probe");
        for (int i = 0; i < train.length; i++) {
            train[i] = around(i % CLASSES, r);
        }
        for (int i = 0; i < test.length; i++) {
            test[i] = around(i % CLASSES, r);
        }
        int[] labels = new int[train.length];
        int[] random = new int[train.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % CLASSES;
            random[i] = r.nextInt(CLASSES);
        }
        assertEquals(1.0, accuracy(new LinearProbe(train, labels, CLASSES, 10), test), 0.02);
        assertTrue(accuracy(new LinearProbe(train, random, CLASSES, 10), test) < 0.6);
    }

    private static float[] around(int label, RandomStream r) {
        float[] x = new float[WIDTH];
        double norm = 0;
        for (int d = 0; d < WIDTH; d++) {
            x[d] = (float) ((d == label ? 1 : 0.3) + 0.08 * r.nextGaussian());
            norm += x[d] * x[d];
        }
        for (int d = 0; d < WIDTH; d++) {
            x[d] /= (float) Math.sqrt(norm);
        }
        return x;
    }

    private static double accuracy(LinearProbe probe, float[][] test) {
        int right = 0;
        for (int i = 0; i < test.length; i++) {
            right += probe.classify(test[i]) == i % CLASSES ? 1 : 0;
        }
        return (double) right / test.length;
    }
}
