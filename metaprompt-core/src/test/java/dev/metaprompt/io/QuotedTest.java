package dev.metaprompt.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an error may say of a file. */
class QuotedTest {
    @TempDir
    Path folder;

    @Test
    void aTextIsCutToEightyCharactersOfOneLine() {
        assertEquals("a".repeat(80), Quoted.of("a".repeat(80)));
        assertEquals("a".repeat(80) + "…", Quoted.of("a".repeat(81)));
        assertEquals("a b ?[31m??c", Quoted.of(" a \r\n\n b \u001b[31m\u202e\u2028c"));
        // half of a character is none
        assertEquals("a".repeat(79) + "…", Quoted.of("a".repeat(79) + "\uD83D\uDE00"));
        assertEquals("null", Quoted.of((Object) null));
        assertEquals("a".repeat(200) + "…", Quoted.of("a".repeat(201), 200));
    }

    @Test
    void aPlaceIsNamedAsFarAsItExists() throws IOException {
        Path there = Files.createDirectories(folder.resolve("b".repeat(90)));
        assertEquals(there.toString(), Quoted.path(there));
        assertEquals(
                there + "/" + "c".repeat(80) + "…",
                Quoted.path(there.resolve("c".repeat(200))).replace('\\', '/'));
        assertEquals("d".repeat(80) + "…", Quoted.path(Path.of("d".repeat(100))));
    }

    @Test
    void aReasonNamesNoFileAndNoClass() {
        assertEquals("there is no such file", Quoted.reason(new NoSuchFileException("/a")));
        assertEquals("it is a folder", Quoted.reason(new FileSystemException("/a", null, "it is a folder")));
        assertEquals("FileSystemException", Quoted.reason(new FileSystemException("/a")));
        assertEquals("IOException", Quoted.reason(new IOException()));
        assertEquals("first", Quoted.reason(new IOException("first\nsecond")));
        assertEquals("x".repeat(80) + "…", Quoted.reason(new IOException("x".repeat(100))));
    }

    @Test
    void aReasonOfTheJsonReaderIsForReaders() {
        assertEquals("malformed JSON at line 1 column 3 path $.", parsed("{a: 1}"));
        assertEquals("End of input at line 1 column 2 path $.", parsed("{"));
    }

    private static String parsed(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        return Quoted.reason(assertThrows(JsonParseException.class, () -> JsonParser.parseReader(reader)));
    }
}
