package dev.metaprompt.data;

/**
 * An image of a dataset and its class.
 *
 * @param path relative to the dataset's image root, with {@code /}
 * @param label the class's number in the split file; need not start at 0 nor be without gaps
 * @param className the class's name as the split file writes it
 */
public record LabeledImage(String path, int label, String className) {}
