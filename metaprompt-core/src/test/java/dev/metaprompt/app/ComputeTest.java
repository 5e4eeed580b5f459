package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which devices compute, by the option and by the number of GPUs that the engine sees. */
class ComputeTest {
    private static List<Device> devices(String wanted, int gpus) {
        Configuration config = Configuration.builder(Path.of("."))
                .commandLine("device", wanted, "-Dmetaprompt.device")
                .resolve();
        return Compute.devices(config, wanted, gpus);
    }

    @Test
    void allGpusEncodeUnlessOneIsNamed() {
        assertEquals(List.of(Device.gpu(0), Device.gpu(1), Device.gpu(2)), devices("gpu", 3));
        assertEquals(List.of(Device.gpu(0), Device.gpu(1)), devices("auto", 2));
        assertEquals(List.of(Device.gpu(1)), devices("gpu:1", 3));
        assertEquals(List.of(Device.cpu()), devices("auto", 0));
    }

    @Test
    void aGpuThatIsNotThereIsRefused() {
        for (String wanted : List.of("gpu", "gpu:0")) {
            refused(wanted, 0);
        }
        refused("gpu:2", 2);
    }

    private static void refused(String wanted, int gpus) {
        String message = assertThrows(InvalidInputException.class, () -> devices(wanted, gpus))
                .getMessage();
        assertTrue(message.contains("device") && message.contains("sees " + gpus + " GPUs"), message);
    }
}
