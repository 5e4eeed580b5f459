package dev.metaprompt.experiment.temporal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TemporalConnectionTest {
    @Test
    void aServerThatIsNotThereIsNamed() {
        TemporalOptions nowhere = new TemporalOptions(
                "127.0.0.1:9",
                "default",
                "metaprompt",
                30,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("secret-key"));
        InvalidInputException e = assertThrows(InvalidInputException.class, () -> TemporalConnection.open(nowhere));
        assertTrue(e.getMessage().contains("temporal.address is 127.0.0.1:9"), e.getMessage());
        assertFalse(e.getMessage().contains("secret-key"), e.getMessage());
        assertFalse(nowhere.toString().contains("secret-key"));
    }
}
