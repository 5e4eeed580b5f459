package dev.metaprompt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A step leaves no memory behind, neither the engine's nor the JVM's. The profile {@code memory} looks longer. */
@EnabledOnOs(OS.LINUX)
class MemoryTest {
    private static final int STEPS = Integer.getInteger("memory.steps", 600);

    /** Until then the allocator's pools fill. */
    private static final int WARM_UP = 100;

    /**
     * Growth along the fitted line of what is allocated. Steps that leave nothing scatter by 70 kB, and their line rises
     * or falls by up to 90, however many they are. So what this lets pass a step shrinks with the steps: 600 bytes at
     * 600, 30 at 10,000.
     */
    private static final double GROWTH_KB = 300;

    /**
     * Of what is resident: mappings that are not the allocator's, 1.8 kB a step at 600. What is allocated says more of
     * the allocator's, for a leak may fit into pages that are resident already, or keep pages resident that are ten
     * times its size.
     */
    private static final double RESIDENT_KB = 900;

    @TempDir
    Path folder;

    @Test
    void stepsLeaveNothingBehind() throws Exception {
        List<MemoryProcess.Line> lines = settled(MemoryProcess.run(folder, STEPS, 0));
        assertEquals(
                1,
                lines.stream().mapToInt(MemoryProcess.Line::arrays).distinct().count(),
                lines.toString());
        double allocated = growthKb(lines, MemoryProcess.Line::allocatedKb);
        assertTrue(allocated < GROWTH_KB, allocated + " kB: " + lines);
        double resident = growthKb(lines, MemoryProcess.Line::residentKb);
        assertTrue(resident < RESIDENT_KB, resident + " kB: " + lines);
    }

    @Test
    void anArrayOfTwoKilobytesAStepIsNoticed() throws Exception {
        List<MemoryProcess.Line> lines = settled(MemoryProcess.run(folder, STEPS, 2));
        double growth = growthKb(lines, MemoryProcess.Line::allocatedKb);
        assertTrue(growth > 2 * GROWTH_KB, growth + " kB: " + lines);
        int arrays = lines.get(lines.size() - 1).arrays() - lines.get(0).arrays();
        int steps = lines.get(lines.size() - 1).steps() - lines.get(0).steps();
        assertEquals(steps, arrays, lines.toString());
    }

    private static List<MemoryProcess.Line> settled(List<MemoryProcess.Line> lines) {
        return lines.stream().filter(line -> line.steps() > WARM_UP).toList();
    }

    /** The growth from first to last of the line that fits best. */
    private static double growthKb(List<MemoryProcess.Line> lines, ToLongFunction<MemoryProcess.Line> memory) {
        double meanSteps =
                lines.stream().mapToInt(MemoryProcess.Line::steps).average().orElseThrow();
        double meanKb = lines.stream().mapToLong(memory).average().orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (MemoryProcess.Line line : lines) {
            covariance += (line.steps() - meanSteps) * (memory.applyAsLong(line) - meanKb);
            variance += (line.steps() - meanSteps) * (line.steps() - meanSteps);
        }
        int steps = lines.get(lines.size() - 1).steps() - lines.get(0).steps();
        return steps * covariance / variance;
    }
}
