package dev.metaprompt.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserTextTest {
    private static final Path FILE = Path.of("names.txt");

    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() throws Exception {
        assertEquals("Café\n", UserText.of(FILE, bytes("\ufeffCafé\n")));
        assertEquals("", UserText.of(FILE, bytes("\ufeff")));
        assertEquals("a\ufeffb", UserText.of(FILE, bytes("a\ufeffb")));
        Path file = Files.write(folder.resolve("a.json"), bytes("\ufeff{}"));
        assertEquals("{}", UserText.read(file, 5));
        assertEquals("{}", PlainFiles.text(file, 5));
    }

    @Test
    void linesEndInAnyWay() {
        for (String end : List.of("\n", "\r\n", "\r")) {
            assertEquals(List.of("a", "", "b"), UserText.lines("a" + end + end + "b" + end));
            assertEquals(List.of("a", "", "b"), UserText.lines("a" + end + end + "b"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-16LE,UTF-16",
        "UTF-16BE,UTF-16",
        "UTF-32LE,UTF-32",
        "UTF-32BE,UTF-32",
    })
    void wideEncodingsAreNamed(String charset, String name) {
        for (String text : List.of("braided\nCafé\n", "a", "{\"train\": [[\"日本/1.jpg\", 0, \"日本\"]]}")) {
            for (String mark : List.of("\ufeff", "")) {
                byte[] bytes = (mark + text).getBytes(Charset.forName(charset));
                InvalidInputException fault =
                        assertThrows(InvalidInputException.class, () -> UserText.of(FILE, bytes), text);
                assertEquals(
                        "file names.txt is " + name + " text; allowed is UTF-8 text: save it as UTF-8.",
                        fault.getMessage());
                assertThrows(InvalidInputException.class, () -> UserText.narrow(FILE, bytes));
            }
        }
        byte[] letters = "縞模様\n水玉\n".getBytes(StandardCharsets.UTF_16LE);
        String message = assertThrows(InvalidInputException.class, () -> UserText.of(FILE, letters))
                .getMessage();
        assertEquals("file names.txt seems to be UTF-16 text; allowed is UTF-8 text: save it as UTF-8.", message);
    }

    @Test
    void theLineThatIsNoUtf8IsNamed() throws Exception {
        byte[] latin = "a\r\nb\rCafé\n".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(
                "file names.txt is no UTF-8 text in line 3; allowed is UTF-8 text: save it as UTF-8.",
                assertThrows(InvalidInputException.class, () -> UserText.of(FILE, latin))
                        .getMessage());
        byte[] cut = {'a', '\n', (byte) 0xc3};
        assertTrue(assertThrows(InvalidInputException.class, () -> UserText.of(FILE, cut))
                .getMessage()
                .contains("in line 2"));
        // Longer than what is looked at at once; and what this program wrote is told as a fault of the file.
        byte[] late = ("x".repeat(1 << 18) + "\n\u00e9").getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("late"), late);
        assertEquals(
                "it is no UTF-8 text in line 2",
                Quoted.reason(assertThrows(java.io.IOException.class, () -> PlainFiles.text(file, 1 << 20))));
    }

    @Test
    void zeroesInATextOfOneByteAreLeftToItsReader() {
        assertEquals("a\0b and more", UserText.of(FILE, bytes("a\0b and more")));
    }
}
