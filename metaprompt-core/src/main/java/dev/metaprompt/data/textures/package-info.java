/**
 * The embedded benchmark: 47 procedural textures with the class names of the Describable Textures Dataset.
 *
 * <p>Terms: a <em>pattern</em> is a scalar field in the plane with one period a unit; a <em>style</em> is the
 * distribution of what a pattern is shown with (scale, warp, palette, lighting, noise, blur); a <em>texture class</em>
 * is a distribution over patterns. An image is a pure function of class, style and random stream: the arithmetic is
 * {@code + - * /} and square roots in double precision, which Java defines exactly, so pixels are equal on every
 * platform. The class names are those of Cimpoi et al., "Describing Textures in the Wild", CVPR 2014; no image of
 * that data set is used.
 */
package dev.metaprompt.data.textures;
