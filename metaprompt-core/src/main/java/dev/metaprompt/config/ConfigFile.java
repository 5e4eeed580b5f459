package dev.metaprompt.config;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.configuration2.PropertiesConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.ex.ConfigurationRuntimeException;

/**
 * Reads settings from a YAML or properties file.
 *
 * <p>Every value is taken as the text that stands there: YAML's own guesses ({@code on} is true, {@code 010} is eight,
 * {@code 1_000} is a thousand) never happen, the key's type alone decides. A key given twice is an error, nested maps
 * spell dotted keys, and no file includes another.
 */
public final class ConfigFile {
    private static final String CORRECT = "Correct the file";
    private static final long LARGEST = 1 << 20;

    private ConfigFile() {}

    /**
     * Reads a file.
     *
     * @param file a file whose name ends in {@code .yaml}, {@code .yml} or {@code .properties}
     * @param label how the user knows it; begins every origin
     * @return its settings in the file's order, keys not yet known to exist
     * @throws InvalidInputException if it is missing, of another kind, or not well formed
     */
    public static List<Setting> read(Path file, String label) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
        if (!yaml && !name.endsWith(".properties")) {
            throw Messages.file(label, "not a configuration file by its name", "Name it .yaml, .yml or .properties");
        }
        if (!Files.isRegularFile(file)) {
            throw Messages.file(
                    label, "there is no such file", "Give the name of an existing file in metaprompt.config");
        }
        try {
            String text = text(file, label);
            return yaml
                    ? yaml(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), label)
                    : properties(new StringReader(text), label);
        } catch (IOException e) {
            throw Messages.file(label, "cannot be read: " + Quoted.reason(e), "Check the file and its permissions");
        }
    }

    private static String text(Path file, String label) throws IOException {
        try {
            return UserText.read(file, LARGEST);
        } catch (InvalidInputException e) {
            // The message names the file, mostly as the user does.
            throw file.endsWith(label) ? e : new InvalidInputException(label + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads YAML.
     *
     * @param in UTF-8 text
     * @param label how the user knows it; begins every origin
     * @return its settings in the text's order
     * @throws InvalidInputException if it is not well formed
     */
    public static List<Setting> yaml(InputStream in, String label) {
        PlainYaml yaml = new PlainYaml();
        try {
            yaml.read(in);
        } catch (ConfigurationException e) {
            throw Messages.file(label, e.getMessage(), CORRECT);
        }
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : yaml.values()) {
            add(settings, label, entry.getKey(), entry.getValue());
        }
        return List.copyOf(settings.values());
    }

    private static List<Setting> properties(Reader text, String label) throws IOException {
        Map<String, Setting> settings = new LinkedHashMap<>();
        try (var reader = new PropertiesConfiguration.PropertiesReader(text)) {
            while (reader.nextProperty()) {
                add(settings, label, reader.getPropertyName(), reader.getPropertyValue());
            }
        } catch (ConfigurationRuntimeException | IllegalArgumentException e) {
            // an escape that is not whole
            throw Messages.file(label, "not well-formed properties: " + Quoted.reason(e), CORRECT);
        }
        return new ArrayList<>(settings.values());
    }

    private static void add(Map<String, Setting> settings, String label, String key, Object value) {
        Setting setting = new Setting(key, value, label + ", key " + Quoted.of(key));
        Setting earlier = settings.putIfAbsent(key, setting);
        if (earlier != null) {
            throw Messages.givenTwice(earlier, setting);
        }
    }
}
