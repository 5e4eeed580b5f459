/**
 * What several runs say together: means, intervals, and how sure a difference is.
 *
 * <p>Terms: a <em>summary</em> is mean, sample standard deviation and 95 % interval of independent values, one a seed;
 * the interval is Student's, {@code mean ± t(0.975, n − 1) · sd / √n}, and speaks of the spread over seeds only. A
 * <em>drop</em> is how far a figure fell between paired runs, with an uncertainty over seeds and test images. Pure
 * arithmetic on values in whatever unit they come (accuracies: percent).
 */
package dev.metaprompt.statistics;
