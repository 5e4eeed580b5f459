package dev.metaprompt.pretrain;

/**
 * Multinomial logistic regression on frozen features: what the images alone can tell, whatever the words.
 *
 * <p>Features are centred on the training mean and scaled by s; the penalty is 1e-3·‖W‖². Full-batch gradient descent
 * with Nesterov's momentum from zero, so the result depends on the data alone.
 */
final class LinearProbe {
    private static final int ITERATIONS = 400;
    private static final double PENALTY = 1e-3;
    private static final double MOMENTUM = 0.9;

    private final double[][] weights;
    private final double[] mean;
    private final double scale;

    /**
     * Fits the probe.
     *
     * @param features unit vectors [n][D]
     * @param labels of the n features, 0 ≤ label &lt; classes
     * @param classes number of classes
     * @param scale factor s on the features
     */
    LinearProbe(float[][] features, int[] labels, int classes, double scale) {
        this.scale = scale;
        this.mean = mean(features);
        int width = mean.length;
        double[][] x = new double[features.length][];
        double largest = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = centred(features[i]);
            largest = Math.max(largest, dot(x[i], x[i]));
        }
        double rate = 1 / (0.5 * largest + PENALTY);
        double[][] w = new double[classes][width];
        double[][] speed = new double[classes][width];
        for (int k = 0; k < ITERATIONS; k++) {
            double[][] ahead = new double[classes][width];
            for (int c = 0; c < classes; c++) {
                for (int d = 0; d < width; d++) {
                    ahead[c][d] = w[c][d] + MOMENTUM * speed[c][d];
                }
            }
            double[][] gradient = gradient(ahead, x, labels);
            for (int c = 0; c < classes; c++) {
                for (int d = 0; d < width; d++) {
                    speed[c][d] = MOMENTUM * speed[c][d] - rate * gradient[c][d];
                    w[c][d] += speed[c][d];
                }
            }
        }
        weights = w;
    }

    /** Returns the class of a feature. */
    int classify(float[] feature) {
        double[] x = centred(feature);
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < weights.length; c++) {
            double score = dot(weights[c], x);
            if (score > highest) {
                highest = score;
                best = c;
            }
        }
        return best;
    }

    private static double[][] gradient(double[][] w, double[][] x, int[] labels) {
        double[][] gradient = new double[w.length][w[0].length];
        for (int i = 0; i < x.length; i++) {
            double[] p = softmax(w, x[i]);
            p[labels[i]] -= 1;
            for (int c = 0; c < w.length; c++) {
                for (int d = 0; d < x[i].length; d++) {
                    gradient[c][d] += p[c] * x[i][d] / x.length;
                }
            }
        }
        for (int c = 0; c < w.length; c++) {
            for (int d = 0; d < w[c].length; d++) {
                gradient[c][d] += 2 * PENALTY * w[c][d];
            }
        }
        return gradient;
    }

    private static double[] softmax(double[][] w, double[] x) {
        double[] p = new double[w.length];
        double highest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < p.length; c++) {
            p[c] = dot(w[c], x);
            highest = Math.max(highest, p[c]);
        }
        double sum = 0;
        for (int c = 0; c < p.length; c++) {
            p[c] = StrictMath.exp(p[c] - highest);
            sum += p[c];
        }
        for (int c = 0; c < p.length; c++) {
            p[c] /= sum;
        }
        return p;
    }

    private double[] centred(float[] feature) {
        double[] x = new double[feature.length];
        for (int d = 0; d < x.length; d++) {
            x[d] = scale * (feature[d] - mean[d]);
        }
        return x;
    }

    private static double[] mean(float[][] features) {
        double[] mean = new double[features[0].length];
        for (float[] feature : features) {
            for (int d = 0; d < mean.length; d++) {
                mean[d] += feature[d] / (double) features.length;
            }
        }
        return mean;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
