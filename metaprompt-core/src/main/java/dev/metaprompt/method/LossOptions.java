package dev.metaprompt.method;

/**
 * Choices of the loss, eq. (4)–(6).
 *
 * @param klWeight λ
 * @param direction which distribution comes first in the divergence
 * @param reduction of the divergence over a task's queries
 * @param detachMultimodal stops the gradient through P_mm in the divergence
 */
public record LossOptions(double klWeight, Direction direction, Reduction reduction, boolean detachMultimodal) {
    /** Which distribution comes first. */
    public enum Direction {
        /** KL(P_mm ‖ P_text). */
        MM_TEXT,
        /** KL(P_text ‖ P_mm). */
        TEXT_MM
    }

    /** What the divergence is divided by. */
    public enum Reduction {
        /** The number of queries. */
        BATCH,
        /** The number of queries times the number of classes. */
        ELEMENT
    }
}
