package dev.metaprompt.train;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An epoch as {@code epochs.jsonl} tells it; what a method does not have is absent.
 *
 * @param epoch from −1, before training
 * @param loss mean over the epoch's steps; {@code null} for epoch −1
 * @param textAccuracy percent, base test images, text classifier
 * @param multimodalAccuracy percent, base test images, multi-modal prototypes; may be {@code null}
 * @param newTextAccuracy percent, new-class test images, for diagnosis only; may be {@code null}
 * @param attentionEntropy mean over the epoch's steps in nats; may be {@code null}
 * @param seconds of the epoch, evaluation included
 */
public record EpochSummary(
        int epoch,
        Double loss,
        Double textAccuracy,
        Double multimodalAccuracy,
        Double newTextAccuracy,
        Double attentionEntropy,
        double seconds) {
    /**
     * Returns the line's content.
     *
     * @return values by key, in the order of the file
     */
    public Map<String, Object> toLine() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("epoch", epoch);
        put(line, "loss", loss);
        put(line, "textAccuracy", textAccuracy);
        put(line, "multimodalAccuracy", multimodalAccuracy);
        if (multimodalAccuracy != null && textAccuracy != null) {
            line.put("gap", multimodalAccuracy - textAccuracy);
        }
        put(line, "newTextAccuracy", newTextAccuracy);
        put(line, "attentionEntropy", attentionEntropy);
        line.put("seconds", seconds);
        return line;
    }

    private static void put(Map<String, Object> line, String key, Object value) {
        if (value != null) {
            line.put(key, value);
        }
    }
}
