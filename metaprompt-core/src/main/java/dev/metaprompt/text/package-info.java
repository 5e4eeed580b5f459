/**
 * Class names, prompt templates and tokens.
 *
 * <p>A soft prompt is the token sequence {@code [BOS] v_1..v_n <name>. [EOT]} in which the n context positions are
 * learned vectors instead of tokens. Source: Zhou et al., "Learning to Prompt for Vision-Language Models".
 */
package dev.metaprompt.text;
