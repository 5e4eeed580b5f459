package dev.metaprompt.gate;

import dev.metaprompt.run.RunSetting;
import java.util.Set;

/** Where a baseline comes from. */
public interface BaselineSource {
    /**
     * Returns how messages name it.
     *
     * @return for example a file's path
     */
    String name();

    /**
     * Reads the baseline.
     *
     * @param checked the configurations that are to be compared; a source that holds more than is to be checked (all
     *     runs of an experiment, say) returns these alone
     * @return an entry for each of them that the source has, and for every other one that must not go unchecked
     * @throws dev.metaprompt.InvalidInputException if it cannot be read
     */
    Baseline read(Set<RunSetting> checked);
}
