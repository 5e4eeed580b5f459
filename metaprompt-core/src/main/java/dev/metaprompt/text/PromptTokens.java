package dev.metaprompt.text;

/**
 * The tokens of one class's soft prompt.
 *
 * @param ids begin token, context positions, tokens of {@code name.}, end token; what stands at the context positions
 *     only reserves them
 * @param contextStart the first context position, 1
 * @param contextLength n, the number of context positions
 * @param eot position of the end token
 */
public record PromptTokens(int[] ids, int contextStart, int contextLength, int eot) {}
