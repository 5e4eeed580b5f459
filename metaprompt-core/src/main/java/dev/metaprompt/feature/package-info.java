/**
 * Image features: encoded once by the frozen image tower, kept on disk and in a bank of augmented views.
 *
 * <p>Features are stored as the encoder gives them (not normalised), float32 [images, D].
 */
package dev.metaprompt.feature;
