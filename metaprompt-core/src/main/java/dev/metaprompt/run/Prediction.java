package dev.metaprompt.run;

/**
 * What the learned prompt says of one test image.
 *
 * @param split {@code base} or {@code new}
 * @param image path relative to the dataset's image root
 * @param label its class by name
 * @param predicted the most probable class by name
 * @param probability of {@code predicted}, 0 to 1
 * @param labelProbability of {@code label}, 0 to 1
 * @param zeroShotPredicted what zero-shot CLIP predicts
 */
public record Prediction(
        String split,
        String image,
        String label,
        String predicted,
        double probability,
        double labelProbability,
        String zeroShotPredicted) {}
