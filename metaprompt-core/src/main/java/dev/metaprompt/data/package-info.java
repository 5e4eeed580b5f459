/**
 * Which images there are and what they show: datasets on disk, the halves of their classes, the few-shot draw.
 *
 * <p>Terms: a dataset has three lists of images, <em>train</em>, <em>val</em> and <em>test</em>, which its <em>split
 * file</em> names; <em>base</em> classes are trained on, <em>new</em> ones are only tested on; the <em>few-shot draw</em>
 * picks the training images of a run, <em>shots</em> a class. Classes are in the order of their labels everywhere.
 *
 * <p>The layout is that of CoOp's datasets ("Learning to Prompt for Vision-Language Models", IJCV 2022). Everything is
 * checked when a dataset is opened, so that a run does not stop after hours at its first missing image. All types are
 * immutable.
 */
package dev.metaprompt.data;
