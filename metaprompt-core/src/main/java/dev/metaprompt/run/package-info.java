/**
 * The run directory: the record of one training run, as files that people and other programs read.
 *
 * <p>Terms: a <em>run</em> is one training of one configuration; its <em>record</em> is {@code run.json}; a
 * <em>whole line</em> of a {@code .jsonl} file ends with a line end, a <em>torn tail</em> is what a crash left behind
 * the last one. Every file is written to a temporary name, forced to the disk and renamed
 * ({@link dev.metaprompt.run.AtomicFiles}), or appended line by line ({@link dev.metaprompt.run.JsonLines}), so that a
 * crash or a full disk leaves nothing half-written. The files are the source of truth; the records here are immutable
 * pictures of them and hold no memory outside the heap.
 */
package dev.metaprompt.run;
