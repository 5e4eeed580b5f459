package dev.metaprompt.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    @TempDir
    private Path folder;

    private List<Setting> read(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, content);
        return ConfigFile.read(file, "conf/" + name);
    }

    private String message(String name, String content) {
        return assertThrows(InvalidInputException.class, () -> read(name, content))
                .getMessage();
    }

    private static Setting setting(String key, Object value, String label) {
        return new Setting(key, value, label + ", key " + key);
    }

    @Test
    void nestedMapsSpellDottedKeysInOrder() throws IOException {
        List<Setting> settings =
                read("a.yaml", "way: 10\ntrain:\n  epochs: 3\n  learningRate: 2e-2\nloss.klWeight: 1\n");
        assertEquals(
                List.of(
                        setting("way", "10", "conf/a.yaml"),
                        setting("train.epochs", "3", "conf/a.yaml"),
                        setting("train.learningRate", "2e-2", "conf/a.yaml"),
                        setting("loss.klWeight", "1", "conf/a.yaml")),
                settings);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on",
                "no",
                "yes",
                "010",
                "0x1F",
                "1_000",
                "12:30:45",
                "1.0",
                "2001-01-01",
                "~",
                "null",
                ".inf",
                "0o7"
            })
    void yamlGuessesNothing(String written) throws IOException {
        assertEquals(List.of(setting("dataset", written, "conf/a.yml")), read("a.yml", "dataset: " + written + "\n"));
    }

    @Test
    void anEmptyValueDoesNotVanish() throws IOException {
        assertEquals(List.of(setting("way", "", "conf/a.yaml")), read("a.yaml", "way:\n"));
    }

    @Test
    void keysWithDotsOrSlashesKeepTheirText() throws IOException {
        assertEquals(
                List.of(setting("models.ViT-B/16.openai", "x", "conf/a.yaml")),
                read("a.yaml", "models:\n  ViT-B/16.openai: x\n"));
    }

    @Test
    void valuesAreNotInterpolated() throws IOException {
        assertEquals(
                List.of(setting("dataset", "${env:HOME}", "conf/a.yaml")), read("a.yaml", "dataset: ${env:HOME}\n"));
    }

    @Test
    void listsOfNamesAreLists() throws IOException {
        assertEquals(
                List.of(setting("dataset.classes.base", List.of("no", "dotted"), "conf/a.yaml")),
                read("a.yaml", "dataset:\n  classes:\n    base: [no, dotted]\n"));
    }

    @Test
    void emptyFilesHoldNoSettings() throws IOException {
        assertEquals(List.of(), read("a.yaml", ""));
        assertEquals(List.of(), read("b.yaml", "# nothing\n"));
        assertEquals(List.of(), read("c.properties", "# nothing\n"));
    }

    @Test
    void duplicateKeysAreErrors() {
        assertEquals(
                "conf/a.yaml: not well-formed YAML at line 2: found duplicate key way. Correct the file.",
                message("a.yaml", "way: 5\nway: 10\n"));
    }

    @Test
    void theSameKeyNestedAndFlatIsAnError() {
        assertEquals(
                "train.epochs is given twice, as \"3\" and as \"4\" (conf/a.yaml, key train.epochs). Give it once.",
                message("a.yaml", "train:\n  epochs: 3\ntrain.epochs: 4\n"));
    }

    @Test
    void duplicatePropertiesAreErrors() {
        assertEquals(
                "way is given twice, as \"5\" and as \"10\" (conf/a.properties, key way). Give it once.",
                message("a.properties", "way = 5\nway = 10\n"));
    }

    @Test
    void anEscapeAtTheEndOfYamlIsNamedWithItsFile() {
        String message = message("a.yaml", "way: \"\\u");
        assertTrue(message.startsWith("conf/a.yaml: not well-formed YAML"), message);
    }

    @Test
    void anEscapeThatIsNotWholeIsNamedWithItsFile() {
        String message = message("my.properties", "way = \\u00zz\n");
        assertTrue(message.startsWith("conf/my.properties: not well-formed properties"), message);
    }

    @Test
    void propertiesAreReadWithoutIncludesOrLists() throws IOException {
        assertEquals(
                List.of(
                        setting("include", "other.properties", "conf/a.properties"),
                        setting("dataset.classes.base", "a, b", "conf/a.properties"),
                        setting("prompt.init", "une texture é", "conf/a.properties")),
                read(
                        "a.properties",
                        "include = other.properties\ndataset.classes.base = a, b\nprompt.init: une texture é\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- a\n- b\n", "just text\n", "way: {\n", "a: !!int 010\n", "a: !!java.net.URL [x]\n", "a: &x {b: *x}\n",
                "a: [[1], [2]]\n", "a: {}\n", "a: []\n", "? [1]\n: 2\n", "a: 1\n---\nb: 2\n", "a: &x {b: c}\nd: *x\n",
                "way: \u0007\n", "'': 1\n",
            })
    void whatIsNoMapOfPlainValuesIsAnErrorOfOneLine(String content) {
        String message = message("a.yaml", content);
        assertTrue(message.startsWith("conf/a.yaml: "), message);
        assertTrue(message.endsWith(" Correct the file."), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void bytesThatAreNoTextAreAnErrorOfOneLine() throws IOException {
        for (String name : List.of("a.yaml", "a.properties")) {
            Path file = Files.write(folder.resolve(name), new byte[] {'w', ':', ' ', (byte) 0xE9, (byte) 0xFF, '\n'});
            String message = assertThrows(InvalidInputException.class, () -> ConfigFile.read(file, name))
                    .getMessage();
            assertEquals(
                    "file " + file + " is no UTF-8 text in line 1; allowed is UTF-8 text: save it as UTF-8.", message);
        }
    }

    @Test
    void missingFilesAndOtherKindsAreNamed() {
        assertEquals(
                "x.yaml: there is no such file. Give the name of an existing file in metaprompt.config.",
                assertThrows(InvalidInputException.class, () -> ConfigFile.read(folder.resolve("x.yaml"), "x.yaml"))
                        .getMessage());
        assertEquals(
                "x.toml: not a configuration file by its name. Name it .yaml, .yml or .properties.",
                assertThrows(InvalidInputException.class, () -> ConfigFile.read(folder.resolve("x.toml"), "x.toml"))
                        .getMessage());
    }

    @Test
    void yamlMayBeginWithAByteOrderMark() {
        byte[] bytes = "\uFEFFway: 5\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of(setting("way", "5", "a")), ConfigFile.yaml(new java.io.ByteArrayInputStream(bytes), "a"));
    }
}
