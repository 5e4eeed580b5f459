/**
 * Which images there are and what they show: datasets on disk, the halves of their classes, the few-shot draw.
 *
 * <p>Terms: a dataset has three lists of images, <em>train</em>, <em>val</em> and <em>test</em>, which its <em>split
 * file</em> names; <em>base</em> classes are trained on, <em>new</em> ones are only tested on; the <em>few-shot draw</em>
 * picks the training images of a run, <em>shots</em> a class. Classes are in the order of their labels everywhere, and a
 * class is known by its name.
 *
 * <p>The layouts are those of CoOp's eleven datasets ("Learning to Prompt for Vision-Language Models", IJCV 2022), the
 * publisher's lists of two of them, and plain class folders. Lists that a file gives are checked against the disk when a
 * dataset is opened, so that a run does not stop after hours at its first missing image; folders are listed by name. The
 * work is linear in the number of images. All public types are immutable.
 */
package dev.metaprompt.data;
