package dev.metaprompt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A step leaves no memory behind, neither the engine's nor the JVM's. The profile {@code memory} looks longer. */
@EnabledOnOs(OS.LINUX)
class MemoryTest {
    private static final int STEPS = Integer.getInteger("memory.steps", 1200);

    /** Until then code is compiled and the allocator's pools fill. */
    private static final int WARM_UP = 400;

    /**
     * Growth along the fitted line. Ten thousand steps stay within 500 kB of their mean without a slope, so what this
     * lets pass a step shrinks with the steps: 1.9 kB at 1,200, 160 bytes at 10,000.
     */
    private static final double GROWTH_KB = 1500;

    @TempDir
    Path folder;

    @Test
    void stepsLeaveNothingBehind() throws Exception {
        List<MemoryProcess.Line> lines = settled(MemoryProcess.run(folder, STEPS, 0));
        assertEquals(
                1,
                lines.stream().mapToInt(MemoryProcess.Line::arrays).distinct().count(),
                lines.toString());
        double growth = growthKb(lines);
        assertTrue(growth < GROWTH_KB, growth + " kB: " + lines);
    }

    @Test
    void anArrayOfFourKilobytesAStepIsNoticed() throws Exception {
        List<MemoryProcess.Line> lines = settled(MemoryProcess.run(folder, STEPS, 4));
        double growth = growthKb(lines);
        assertTrue(growth > 1.5 * GROWTH_KB, growth + " kB: " + lines);
        int arrays = lines.get(lines.size() - 1).arrays() - lines.get(0).arrays();
        int steps = lines.get(lines.size() - 1).steps() - lines.get(0).steps();
        assertEquals(steps, arrays, lines.toString());
    }

    private static List<MemoryProcess.Line> settled(List<MemoryProcess.Line> lines) {
        return lines.stream().filter(line -> line.steps() > WARM_UP).toList();
    }

    /** The growth from first to last of the line that fits best. */
    private static double growthKb(List<MemoryProcess.Line> lines) {
        double meanSteps =
                lines.stream().mapToInt(MemoryProcess.Line::steps).average().orElseThrow();
        double meanKb = lines.stream()
                .mapToLong(MemoryProcess.Line::residentKb)
                .average()
                .orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (MemoryProcess.Line line : lines) {
            covariance += (line.steps() - meanSteps) * (line.residentKb() - meanKb);
            variance += (line.steps() - meanSteps) * (line.steps() - meanSteps);
        }
        int steps = lines.get(lines.size() - 1).steps() - lines.get(0).steps();
        return steps * covariance / variance;
    }
}
