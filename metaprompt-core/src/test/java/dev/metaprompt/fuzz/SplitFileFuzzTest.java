package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.data.Datasets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Split files in CoOp's format, beside images that exist. */
class SplitFileFuzzTest extends FuzzTest {
    private static final String SMALL =
            "{\"train\":[[\"a/1.jpg\",0,\"a\"],[\"b/1.jpg\",1,\"b\"]],\"val\":[],\"test\":[[\"a/2.jpg\",0,\"a\"]]}";
    private static final String LARGER =
            "{\"train\":[[\"a/1.jpg\",0,\"a\"],[\"b/1.jpg\",7,\"b c\"],[\"a/3.jpg\",0,\"a\"]],"
                    + "\"val\":[[\"b/3.jpg\",7,\"b c\"]],\"test\":[[\"a/2.jpg\",0,\"a\"],[\"b/2.jpg\",7,\"b c\"]],\"more\":{}}";

    @Override
    String fileName() {
        return "split_zhou_Input.json";
    }

    @Override
    List<byte[]> seeds() {
        return List.of(SMALL.getBytes(StandardCharsets.UTF_8), LARGER.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        String text = new JsonTrees(random).damaged(random.nextInt(2) == 0 ? SMALL : LARGER);
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void prepare(Path root) throws Exception {
        for (String name : List.of("a", "b")) {
            Path images = Files.createDirectories(root.resolve("images").resolve(name));
            for (int i = 1; i < 4; i++) {
                Files.write(images.resolve(i + ".jpg"), new byte[] {1});
            }
        }
    }

    @Override
    void read(Path file) {
        Datasets.open(file.getParent(), Optional.empty());
    }
}
