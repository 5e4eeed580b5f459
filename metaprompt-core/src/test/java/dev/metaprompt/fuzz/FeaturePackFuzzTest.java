package dev.metaprompt.fuzz;

import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.Progress;
import dev.metaprompt.RandomStream;
import dev.metaprompt.Sha256;
import dev.metaprompt.app.SmallPack;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.LabeledImage;
import dev.metaprompt.feature.Augmentation;
import dev.metaprompt.feature.FeaturePack;
import dev.metaprompt.feature.View;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Feature packs: what they say of themselves, their lists, their lengths; most with a digest that is right again. */
class FeaturePackFuzzTest extends FuzzTest {
    private static final String DIGEST = "\"content.sha256\":\"";
    private static final int DIGITS = 64;
    private static final List<String> FACTS = List.of(
            "feature.width",
            "views",
            "feature.precision",
            "dataset",
            "views.recipe",
            "licence",
            "preprocessing",
            "model.sha256",
            "metaprompt.pack",
            "content.sha256");
    private static final List<String> VALUES = List.of(
            "0", "1", "-1", "2", "3", "999999", "1000000", "٣", "fp16", "fp32", "", " ", "null", "[]", "{}", "a\nb",
            "\uD800");

    @TempDir
    static Path made;

    private byte[] valid;

    @Override
    String fileName() {
        return "input.pack";
    }

    @Override
    double weight() {
        return 0.5;
    }

    @Override
    List<byte[]> seeds() throws IOException {
        Path file = made.resolve("small.pack");
        valid = Files.readAllBytes(Files.exists(file) ? file : SmallPack.write(made));
        return List.of(valid);
    }

    /** The pack with something else in its header, and the length of that right. */
    @Override
    Optional<byte[]> generate(RandomStream random) {
        int length = (int) ByteBuffer.wrap(valid).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] json = header(new String(valid, Long.BYTES, length, StandardCharsets.UTF_8), random)
                .getBytes(StandardCharsets.UTF_8);
        int data = valid.length - Long.BYTES - length;
        int kept = random.nextInt(8) == 0 ? random.nextInt(data + 1) : data;
        return Optional.of(ByteBuffer.allocate(Long.BYTES + json.length + kept)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(valid, Long.BYTES + length, kept)
                .array());
    }

    private static String header(String text, RandomStream random) {
        JsonObject header = JsonParser.parseString(text).getAsJsonObject();
        JsonObject facts = header.getAsJsonObject("__metadata__");
        JsonTrees trees = new JsonTrees(random);
        switch (random.nextInt(5)) {
            case 0 -> {
                return trees.damaged(text);
            }
            case 1 ->
                facts.addProperty(FACTS.get(random.nextInt(FACTS.size())), VALUES.get(random.nextInt(VALUES.size())));
            default ->
                facts.addProperty("dataset", trees.damaged(facts.get("dataset").getAsString()));
        }
        return header.toString();
    }

    /** Makes the digest right. */
    @Override
    byte[] mend(byte[] content, RandomStream random) {
        int at = new String(content, StandardCharsets.ISO_8859_1).indexOf(DIGEST) + DIGEST.length();
        if (at < DIGEST.length() || at + DIGITS > content.length || random.nextInt(16) == 0) {
            return content;
        }
        byte[] mended = content.clone();
        Arrays.fill(mended, at, at + DIGITS, (byte) '0');
        byte[] digest = Sha256.hex(mended).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digest, 0, mended, at, DIGITS);
        return mended;
    }

    @Override
    void read(Path file) {
        FeaturePack pack = FeaturePack.open(file).at(Optional.empty());
        pack.requireViews(Augmentation.parse("views:" + SmallPack.VIEWS));
        Dataset dataset = pack.dataset();
        try (NDManager manager = NDManager.newBaseManager()) {
            for (List<LabeledImage> list : List.of(dataset.train(), dataset.val(), dataset.test())) {
                List<String> paths = list.stream().map(LabeledImage::path).toList();
                if (!paths.isEmpty()) {
                    pack.get(manager, paths, View.centres(paths.size()), Progress.SILENT);
                }
            }
            List<String> train =
                    dataset.train().stream().map(LabeledImage::path).toList();
            int[] last = new int[train.size()];
            Arrays.fill(last, pack.views() - 1);
            pack.get(manager, train, last, Progress.SILENT);
        }
    }
}
