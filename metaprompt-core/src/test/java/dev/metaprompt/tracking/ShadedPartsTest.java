package dev.metaprompt.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.Progress;
import dev.metaprompt.TestJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds SECURITY.md to what it says of MLflow's client: it brings copies of old libraries, and these parts of them our
 * calls reach. A JVM tells which classes it loads.
 */
class ShadedPartsTest {
    private static final Pattern SHADED = Pattern.compile("org\\.mlflow_project\\.([\\w.]+)");
    /** Requests and replies as JSON, and what that stands on. */
    private static final List<String> REACHED = List.of("google.protobuf.", "google.gson.", "databricks.Databricks");
    /** Of the HTTP library only what the client's own class names: no part that sends, receives or connects. */
    private static final List<String> REACHED_OF_HTTP = List.of(
            "apachehttp.Http",
            "apachehttp.client.methods.",
            "apachehttp.conn.socket.ConnectionSocketFactory",
            "apachehttp.conn.socket.LayeredConnectionSocketFactory",
            "apachehttp.message.AbstractHttpMessage",
            "apachehttp.ssl.TrustStrategy");
    /** Of Guava no more than this. */
    private static final List<String> REACHED_OF_GUAVA = List.of(
            "google.common.base.Function",
            "google.common.base.Java8Usage",
            "google.common.base.Preconditions",
            "google.common.base.Supplier");

    @TempDir
    Path folder;

    @Test
    void onlyWhatSecurityMdNamesIsReached() throws Exception {
        Process process = TestJvm.of(
                        ShadedPartsTest.class,
                        List.of("-Xlog:class+load:stdout", "-XX:TieredStopAtLevel=1"),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        TreeSet<String> loaded = new TreeSet<>(SHADED.matcher(output)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList());
        assertTrue(loaded.size() > 100, "the client was not used: " + loaded);
        loaded.removeIf(name -> Stream.of(REACHED, REACHED_OF_HTTP, REACHED_OF_GUAVA)
                .flatMap(List::stream)
                .anyMatch(name::startsWith));
        assertEquals(new TreeSet<>(), loaded, "SECURITY.md says that these are not reached");
        assertTrue(!output.contains(" java.io.ObjectInputStream "), "something is deserialised");
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Path archive = Files.writeString(folder.resolve("archive"), "state");
        try (FakeMlflow server = new FakeMlflow()) {
            ArtifactStore store = new ArtifactStore(server.server(), "metaprompt-store/shaded");
            if (!store.put("cell|1", "cell", Map.of("metaprompt.cell", "1"), 3, true, archive)
                    || store.get("cell|1", state -> true, folder.resolve("fetched"))
                            .isEmpty()) {
                throw new IllegalStateException("nothing was stored");
            }
            RunSync.Summary sent = new RunSync(server.server(), Optional.empty())
                    .run(List.of(MirroredRuns.running(folder.resolve("runs"), 2)), Progress.SILENT, () -> false);
            if (sent.sent() != 1) {
                throw new IllegalStateException(sent.toString());
            }
        }
        System.exit(0);
    }
}
