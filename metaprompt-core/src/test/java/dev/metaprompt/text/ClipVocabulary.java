package dev.metaprompt.text;

import dev.metaprompt.Golden;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** OpenAI's vocabulary, unpacked from the golden files. */
final class ClipVocabulary {
    private ClipVocabulary() {}

    static Tokenizer open(Path folder, int contextLength) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.exists(file)) {
            try (InputStream packed = Files.newInputStream(Golden.path("tokens/tokenizer.json.gz"));
                    InputStream in = new GZIPInputStream(packed)) {
                Files.copy(in, file);
            }
        }
        return Tokenizer.open(folder, contextLength);
    }
}
