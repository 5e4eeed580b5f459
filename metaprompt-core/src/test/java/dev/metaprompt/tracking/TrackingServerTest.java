package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrackingServerTest {
    @Test
    void theAddressLosesItsSlashAndItsQuery() {
        assertEquals(
                "https://host:5000/mlflow",
                TrackingServer.of("HTTPS://host:5000/mlflow//?a=b", "-D", Map.of())
                        .uri());
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:mlruns", "mlruns", "databricks", "http://", "ht tp://a", "sqlite:///a.db"})
    void whatIsNoHttpAddressIsRefusedAsAnOptionAndIgnoredAsAVariable(String address) {
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> TrackingServer.of(address, "-Dx", Map.of()));
        assertTrue(e.getMessage().contains("(-Dx)"), e.getMessage());
        assertEquals(Optional.empty(), TrackingServer.of(Map.of("MLFLOW_TRACKING_URI", address)));
    }

    @Test
    void aPasswordInTheAddressIsRefusedAndNotRepeated() {
        String address = "http://me:pa55@host:5000";
        InvalidInputException e =
                assertThrows(InvalidInputException.class, () -> TrackingServer.of(address, "-Dx", Map.of()));
        assertTrue(e.getMessage().contains("http://…@host:5000"), e.getMessage());
        assertFalse(e.getMessage().contains("pa55"), e.getMessage());
        assertTrue(TrackingServer.of(Map.of("MLFLOW_TRACKING_URI", address)).isEmpty());
    }

    @Test
    void credentialsComeFromTheVariablesOfMlflowsClient() {
        Map<String, String> pair = Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", "pa55");
        assertEquals(
                Optional.of("Basic bWU6cGE1NQ=="),
                TrackingServer.of("http://host", "-D", pair).authorization());
        assertEquals(
                Optional.of("Bearer t0ken"),
                TrackingServer.of("http://host", "-D", Map.of("MLFLOW_TRACKING_TOKEN", "t0ken"))
                        .authorization());
        assertEquals(
                Optional.empty(),
                TrackingServer.of("http://host", "-D", Map.of()).authorization());
    }

    @Test
    void theVariableNamesTheServer() {
        assertEquals(
                "http://host:1",
                TrackingServer.of(Map.of("MLFLOW_TRACKING_URI", "http://host:1/"))
                        .orElseThrow()
                        .uri());
        assertTrue(TrackingServer.of(Map.of()).isEmpty());
    }
}
