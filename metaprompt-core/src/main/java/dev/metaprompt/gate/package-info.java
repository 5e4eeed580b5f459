/**
 * The regression gate: floors and a baseline turn finished runs into a verdict.
 *
 * <p>Reads run directories and a baseline only, never a model. Terms: a <em>configuration</em> is what runs share that
 * differ in their seed alone; a <em>floor</em> is the lowest allowed mean of a figure over the seeds; the
 * <em>baseline</em> holds, for each configuration and seed, which test images were right, so that runs can be compared
 * image by image without the baseline's run directories. The compared figure is H, the mean of the seeds' harmonic
 * means, or base accuracy where there are no new classes. One figure is compared, and the configurations are one family
 * (Holm's procedure), so that the stated confidence is that of the verdict.
 *
 * <p>A configuration fails its comparison when the <em>lower</em> one-sided bound of the drop exceeds the tolerance:
 * when a drop larger than allowed is shown, not when it cannot be excluded. Two sets of runs of the same code then alarm
 * in at most about {@code 1 − confidence} of all cases. What a gate could not have seen, it says.
 */
package dev.metaprompt.gate;
