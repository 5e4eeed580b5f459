package dev.metaprompt.plugin;

import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * How the child's threads of computation wait for each other. Threads that spin for long slow everything down by up to
 * ten times as soon as two programs share the cores, so they sleep. Where the machine is idle at the start they spin
 * for a moment first, which makes a training step a fifth faster; should the machine become busy later, that costs less
 * than half of a step.
 */
final class Waiting {
    private static final String POLICY = "OMP_WAIT_POLICY";
    private static final String SPIN = "GOMP_SPINCOUNT";

    /** Between a sleep's cost and a time slice: measured with experiments/benchmark. */
    private static final String A_MOMENT = "2000";

    /** Of each core; Maven itself keeps about half a core busy while it starts. */
    private static final double IDLE_LOAD = 0.5;

    private Waiting() {}

    /** Completes the child's environment, unless the user has chosen. */
    static void choose(Map<String, String> environment) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        choose(environment, load / Runtime.getRuntime().availableProcessors());
    }

    /**
     * As above.
     *
     * @param loadOfACore processes that run or wait, by core, over the last minute; negative where that is unknown
     */
    static void choose(Map<String, String> environment, double loadOfACore) {
        if (environment.containsKey(POLICY) || environment.containsKey(SPIN)) {
            return;
        }
        environment.put(POLICY, "PASSIVE");
        if (loadOfACore >= 0 && loadOfACore < IDLE_LOAD) {
            environment.put(SPIN, A_MOMENT);
        }
    }
}
