package dev.metaprompt.app;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.metaprompt.io.Network;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the parent asks of the child: the request file's content.
 *
 * @param goal the goal's name
 * @param options as in {@link CommandContext#options()}
 * @param baseDirectory as in {@link CommandContext#baseDirectory()}
 * @param facts as in {@link CommandContext#facts()}
 * @param network as in {@link CommandContext#network()}
 * @param parentPid process id of the JVM Maven runs in
 * @param port loopback port the parent listens at
 * @param token what the child shows there, so that no other program can speak for it
 */
record ForkRequest(
        String goal,
        List<RawOption> options,
        String baseDirectory,
        Map<String, String> facts,
        Network network,
        long parentPid,
        int port,
        String token) {

    private static final long LARGEST = 1 << 24;

    ForkRequest {
        Objects.requireNonNull(goal, "goal");
        Objects.requireNonNull(baseDirectory, "baseDirectory");
        Objects.requireNonNull(token, "token");
        options = options == null ? List.of() : List.copyOf(options);
        network = network == null ? Network.NONE : network;
        facts = facts == null ? Map.of() : Map.copyOf(facts);
    }

    /** What Gson fills in; records themselves it could only build past their constructor. */
    private static final class Json {
        private String goal;
        private List<Option> options;
        private String baseDirectory;
        private Map<String, String> facts;
        private Network network;
        private long parentPid;
        private int port;
        private String token;
    }

    private static final class Option {
        private String key;
        private String value;
        private String layer;
        private String origin;
    }

    /**
     * Reads a request file.
     *
     * @param file JSON in UTF-8
     * @throws IOException if it cannot be read or is no request
     */
    static ForkRequest read(Path file) throws IOException {
        try {
            Json json = new Gson().fromJson(UserText.read(file, LARGEST), Json.class);
            List<RawOption> options = json.options.stream()
                    .map(o -> new RawOption(o.key, o.value, RawOption.Layer.valueOf(o.layer), o.origin))
                    .toList();
            return new ForkRequest(
                    json.goal,
                    options,
                    json.baseDirectory,
                    json.facts,
                    json.network,
                    json.parentPid,
                    json.port,
                    json.token);
        } catch (JsonParseException | NullPointerException | IllegalArgumentException e) {
            throw new IOException("not a request of the plugin: " + file, e);
        }
    }
}
