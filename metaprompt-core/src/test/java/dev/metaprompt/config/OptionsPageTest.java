package dev.metaprompt.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsPageTest {
    @Test
    void thePageInDocsIsTheTableOfKeys() throws IOException {
        Path written = Files.createDirectories(Path.of("target")).resolve("options.md");
        Files.writeString(written, OptionsPage.markdown());
        assertEquals(
                OptionsPage.markdown(),
                Files.readString(Path.of("../docs/options.md")),
                "docs/options.md is out of date; copy metaprompt-core/target/options.md over it");
    }
}
