/**
 * Accuracies, harmonic mean, predictions, episodes of evaluation.
 *
 * <p>Base classes are scored among base classes, new classes among new classes; accuracies are percentages. Zero-shot
 * inference uses the text classifier alone; multi-modal accuracies are for diagnosis and few-shot use.
 */
package dev.metaprompt.evaluate;
