package dev.metaprompt.app;

import java.util.Arrays;
import java.util.stream.Stream;

/** Finds the processes that compute cells for this one, which are then sent signals. */
final class CellSignals {
    private CellSignals() {}

    static Stream<ProcessHandle> processes() {
        return ProcessHandle.current().children().filter(CellSignals::computesCells);
    }

    /** Its arguments are in a file, whose name tells what it is for. */
    private static boolean computesCells(ProcessHandle process) {
        return process.info().arguments().stream()
                .flatMap(Arrays::stream)
                .anyMatch(argument -> argument.startsWith("@") && argument.contains(ArgumentFile.PREFIX));
    }
}
