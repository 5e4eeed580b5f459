/**
 * The frozen model: configuration, weight names, image and text transformers, logit scale.
 *
 * <p>Shape letters are those of {@code dev.metaprompt.tensor}. A {@link dev.metaprompt.clip.ClipModel} owns its
 * weights and closes them; every encoder result belongs to the caller's scope. Source of the architecture: Radford et
 * al., "Learning Transferable Visual Models From Natural Language Supervision", ICML 2021; weights carry the names of
 * the Hugging Face {@code CLIPModel}.
 */
package dev.metaprompt.clip;
