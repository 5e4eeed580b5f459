package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private static Map<String, String> chosen(Map<String, String> user, double load) {
        Map<String, String> environment = new HashMap<>(user);
        Waiting.choose(environment, load);
        return environment;
    }

    @Test
    void threadsSpinForAMomentOnAnIdleMachineOnly() {
        assertEquals(Map.of("OMP_WAIT_POLICY", "PASSIVE", "GOMP_SPINCOUNT", "2000"), chosen(Map.of(), 0.2));
        assertEquals(Map.of("OMP_WAIT_POLICY", "PASSIVE"), chosen(Map.of(), 0.9));
        assertEquals(Map.of("OMP_WAIT_POLICY", "PASSIVE"), chosen(Map.of(), -0.5));
    }

    @Test
    void whatTheUserChoseStands() {
        assertEquals(Map.of("OMP_WAIT_POLICY", "ACTIVE"), chosen(Map.of("OMP_WAIT_POLICY", "ACTIVE"), 0));
        assertEquals(Map.of("GOMP_SPINCOUNT", "7"), chosen(Map.of("GOMP_SPINCOUNT", "7"), 0));
    }
}
