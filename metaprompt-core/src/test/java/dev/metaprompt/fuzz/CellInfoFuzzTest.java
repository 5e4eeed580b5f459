package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.run.CellInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code cell.json}. */
class CellInfoFuzzTest extends FuzzTest {
    private static final String VALID = """
            {"experiment": "n-way", "experimentId": "0a1b", "cell": "2c3d", "coordinates": {"way": "5", "seed": "1"}}
            """;

    @Override
    String fileName() {
        return CellInfo.FILE;
    }

    @Override
    List<byte[]> seeds() {
        return List.of(VALID.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        return Optional.of(new JsonTrees(random).damaged(VALID).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void read(Path file) {
        CellInfo.read(file.getParent()).orElseThrow().coordinates();
    }
}
