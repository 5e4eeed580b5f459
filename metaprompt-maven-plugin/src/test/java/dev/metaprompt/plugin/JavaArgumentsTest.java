package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class JavaArgumentsTest {
    @Test
    void quotesKeepBlanksTogether() {
        assertEquals(List.of("-Xmx8g", "-Dx=/My Folder/a"), JavaArguments.words(" -Xmx8g  -Dx=\"/My Folder/a\" "));
        assertEquals(List.of("-Da=b c", "-ea"), JavaArguments.words("'-Da=b c' -ea"));
        assertEquals(List.of(), JavaArguments.words(null));
        assertEquals(List.of(), JavaArguments.words("  "));
    }
}
