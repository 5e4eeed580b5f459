package dev.metaprompt.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.data.Dataset;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a pack says of its data set, which may be a stranger's. */
class PackContentTest {
    private static final String REST = "\"name\":\"d\",\"splitName\":\"s\",\"splitSha256\":\"0\",\"template\":\"{}\","
            + "\"train\":[\"a.png\",0],\"val\":[],\"test\":[\"b.png\",0],\"classes\":[0,\"a\"]}";

    private static String text(List<String> warnings) {
        return "{\"warnings\":[\"" + String.join("\",\"", warnings) + "\"]," + REST;
    }

    private static List<String> read(List<String> warnings) {
        return PackContent.read(text(warnings), Path.of("x.pack")).warnings();
    }

    @Test
    void aStrangersWarningsAreFewShortAndPlain() {
        List<String> many = read(Collections.nCopies(100_000, "w".repeat(20)));
        assertEquals(101, many.size());
        assertEquals("w".repeat(20), many.get(99));
        assertEquals("the feature pack has 99900 more warnings", many.get(100));
        assertEquals(100, read(Collections.nCopies(100, "w")).size());
        String shown = read(List.of("\u202e" + "w".repeat(100_000))).get(0);
        assertTrue(shown.length() < 1100, "" + shown.length());
        assertFalse(shown.contains("\u202e"));
    }

    @Test
    void warningsMakeNoOtherPack() {
        Dataset dataset = PackContent.read(text(List.of("two images are left out")), Path.of("x.pack"));
        assertEquals(List.of("two images are left out"), dataset.warnings());
        assertTrue(PackContent.write(dataset).contains("warnings"));
        assertEquals("{" + REST, PackContent.withoutWarnings(PackContent.write(dataset)));
        assertEquals("{" + REST, PackContent.withoutWarnings("{" + REST));
    }
}
