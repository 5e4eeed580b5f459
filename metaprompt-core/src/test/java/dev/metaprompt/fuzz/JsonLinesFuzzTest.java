package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.run.JsonLines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Files of JSON lines: read whole, and opened for going on. */
class JsonLinesFuzzTest extends FuzzTest {
    private static final String LINE =
            "{\"step\":1,\"epoch\":0,\"learningRate\":1.0E-5,\"loss\":2.5,\"tasks\":[{\"classes\":[\"a\"]}]}";

    @Override
    String fileName() {
        return "metrics.jsonl";
    }

    @Override
    List<byte[]> seeds() {
        return List.of(bytes(LINE + "\n" + LINE + "\n"), bytes(LINE + "\n{\"step\":2,\"ep"), bytes(""));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        StringBuilder text = new StringBuilder();
        int lines = random.nextInt(10);
        for (int i = 0; i < lines; i++) {
            text.append(random.nextInt(3) == 0 ? new JsonTrees(random).damaged(LINE) : LINE)
                    .append('\n');
        }
        return Optional.of(bytes(text.toString()));
    }

    @Override
    void read(Path file) {
        int lines = JsonLines.read(file).size();
        JsonLines.append(file).close();
        // Forces the disk, so not every time.
        if (lines % 8 == 7) {
            JsonLines.truncate(file, lines / 2);
        }
    }
}
