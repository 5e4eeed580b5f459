package dev.metaprompt.evaluate;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a classifier says of images.
 *
 * @param labels [n] true classes
 * @param predicted [n] classes of highest probability; the first of equals
 * @param probability [n] of the predicted class
 * @param labelProbability [n] of the true class
 */
public record Scores(int[] labels, int[] predicted, float[] probability, float[] labelProbability) {
    /**
     * Scores images, eq. (1).
     *
     * @param classifier [C, D]
     * @param features unnormalised image features [n, D]
     * @param labels [n]
     * @param scale s
     * @return the scores
     */
    public static Scores of(NDArray classifier, NDArray features, int[] labels, double scale) {
        int classes = (int) classifier.getShape().get(0);
        float[] p = scaled(features, scale)
                .matMul(classifier.transpose())
                .softmax(-1)
                .toFloatArray();
        int[] predicted = new int[labels.length];
        float[] probability = new float[labels.length];
        float[] labelProbability = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            int best = best(p, i * classes, classes);
            predicted[i] = best;
            probability[i] = p[i * classes + best];
            labelProbability[i] = p[i * classes + labels[i]];
        }
        return new Scores(labels, predicted, probability, labelProbability);
    }

    /** Returns unit image features times s, whatever their leading axes. */
    static NDArray scaled(NDArray features, double scale) {
        return features.normalize(2, -1).mul(scale);
    }

    /** Returns the place of the largest of some values, the first of equals. */
    static int best(float[] values, int from, int count) {
        int best = 0;
        for (int c = 1; c < count; c++) {
            if (values[from + c] > values[from + best]) {
                best = c;
            }
        }
        return best;
    }

    /**
     * Returns the share of correct predictions.
     *
     * @return correct / images, in percent
     */
    public double accuracy() {
        return 100.0 * correct() / labels.length;
    }

    /**
     * Counts correct predictions.
     *
     * @return 0 to n
     */
    public int correct() {
        int correct = 0;
        for (int i = 0; i < labels.length; i++) {
            correct += labels[i] == predicted[i] ? 1 : 0;
        }
        return correct;
    }

    /**
     * Returns the accuracy of each class.
     *
     * @param classes class names by label
     * @return percentages by class name, in label order; a class without images is left out
     */
    public Map<String, Double> perClass(List<String> classes) {
        int[] count = new int[classes.size()];
        int[] correct = new int[classes.size()];
        for (int i = 0; i < labels.length; i++) {
            count[labels[i]]++;
            correct[labels[i]] += labels[i] == predicted[i] ? 1 : 0;
        }
        Map<String, Double> accuracies = new LinkedHashMap<>();
        for (int c = 0; c < count.length; c++) {
            if (count[c] > 0) {
                accuracies.put(classes.get(c), 100.0 * correct[c] / count[c]);
            }
        }
        return accuracies;
    }
}
