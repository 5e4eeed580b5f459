/**
 * The table of keys and how a key gets its value.
 *
 * <p>Terms: a <em>key</em> is one option, known by its flat dotted name ({@code train.learningRate}); a
 * <em>setting</em> is a value somebody gave a key, still as written, with its <em>origin</em>, the place it was written
 * at; a <em>layer</em> is a rank of settings. Layers, weakest first: the key's default, the method's default, the
 * model's recommendation, the preset, the configuration file, the POM, the command line. What comes out, a
 * {@link dev.metaprompt.config.Configuration}, holds checked values only and knows the origin of each.
 *
 * <p>{@link dev.metaprompt.config.Keys} is the only place that lists keys: the plugin's help and
 * {@code docs/options.md} follow it. No value is ever guessed or corrected; a text that is not exactly what a key
 * allows is an {@link dev.metaprompt.InvalidInputException} of one line. Everything here is immutable and holds no
 * memory outside the heap.
 */
package dev.metaprompt.config;
