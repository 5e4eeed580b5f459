/**
 * The contrastive training of nano-CLIP, the embedded model, on captioned textures that it renders itself.
 *
 * <p>Terms: a <em>group</em> holds one image of every class and a <em>menu</em> of captions, of which each image has
 * one; the loss is symmetric over the group, as in Radford et al. (ICML 2021). A caption is <em>accurate</em> or
 * <em>misnamed</em>: loose ways of speaking ("a photo of a …") often call a class by the name of a better known
 * neighbour. That misalignment is in the words on purpose: it leaves prompts something to find. The model's folder is
 * written whole at the end; the arrays live in one manager and one scope a step.
 */
package dev.metaprompt.pretrain;
