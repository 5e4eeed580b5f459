/**
 * Runs as a person reads them: a page for one run; a page, a table and a CSV file for many.
 *
 * <p>Reads run directories only, never a model. Pages are single files that need nothing from elsewhere and run no
 * script; charts are SVG text written here, the same bytes for the same runs. No library draws them: the permissively
 * licensed ones for Java draw through AWT with fixed colours, and cannot follow the page's light and dark.
 *
 * <p><em>Gain</em> is the learned prompt's figure minus that of the stronger zero-shot template. Of two harmonic means
 * over seeds it is always said which: the mean of the seeds' H, or H of the mean base and the mean new accuracy.
 */
package dev.metaprompt.report;
