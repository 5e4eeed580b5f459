/**
 * Image features: encoded once by the frozen image tower, kept on disk by content, in a bank of augmented views, and in
 * feature packs.
 *
 * <p>A {@link dev.metaprompt.feature.FeatureSource} gives the features of images in the views that are asked for: the
 * cache, which encodes what it has not, or a pack. Features are stored as the encoder gives them (not normalised),
 * float32 or rounded to binary16, a row an image and view, D values each; they are float32 in use.
 */
package dev.metaprompt.feature;
