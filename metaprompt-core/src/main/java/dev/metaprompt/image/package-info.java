/**
 * From an image file to the numbers CLIP was trained on: decode, resize, crop, augment, normalise.
 *
 * <p>Terms: a <em>mode</em> is how a file stores its pixels (grey, palette, RGBA, CMYK …); a <em>view</em> is a square
 * cut of an image as the encoder sees it, uint8 RGB, height × width × channel. The order is that of transformers'
 * CLIPProcessor and CoOp's loader: convert to RGB as Pillow does (alpha is dropped, a palette looked up, black and
 * white become 0 and 255), resize, crop. OpenAI's own, {@link dev.metaprompt.image.ColorOrder#RESIZE_FIRST}, resizes
 * and crops in the image's own mode and converts last. Resizing equals Pillow's (bicubic, antialiased, fixed point) bit
 * for bit. EXIF orientation and colour profiles are ignored, as there.
 *
 * <p>Arrays belong to whom they were returned to; nothing here keeps or changes an array it was given.
 */
package dev.metaprompt.image;
