package dev.metaprompt.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
    @TempDir
    Path cache;

    /** The folder's name tells versions apart: a new model needs its own, which is the beginning of this digest. */
    @Test
    void theEmbeddedModelsFolderBearsItsWeightsDigest() {
        ModelFolder folder = Models.find(Models.NANO_CLIP, cache, cache);
        assertEquals(folder.sha256().substring(0, 12), Models.NANO_CLIP_DIGEST);
        assertEquals(cache.resolve("models").resolve(Models.NANO_CLIP + "-" + Models.NANO_CLIP_DIGEST), folder.path());
    }
}
