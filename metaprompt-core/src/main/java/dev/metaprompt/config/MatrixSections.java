package dev.metaprompt.config;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.configuration2.BaseConfiguration;
import org.apache.commons.configuration2.interpol.ConfigurationInterpolator;

/** The sections of a matrix file and of those it includes; what includes is stronger than what is included. */
final class MatrixSections {
    private static final List<String> NAMES =
            List.of("title", "include", "vars", "settings", "axes", "exclude", "compare");
    private static final int MOST_FILES = 100;

    private String title = "";
    private final BaseConfiguration variables = new BaseConfiguration();
    private final Map<String, YamlNodes.Item> settings = new LinkedHashMap<>();
    private final Map<String, YamlNodes.Item> axes = new LinkedHashMap<>();
    private final List<YamlNodes.Item> exclude = new ArrayList<>();
    private final Map<String, YamlNodes.Item> compare = new LinkedHashMap<>();
    private int files;

    String title() {
        return title;
    }

    Map<String, YamlNodes.Item> settings() {
        return settings;
    }

    Map<String, YamlNodes.Item> axes() {
        return axes;
    }

    List<YamlNodes.Item> exclude() {
        return exclude;
    }

    Map<String, YamlNodes.Item> compare() {
        return compare;
    }

    /**
     * Adds a file and, before it, those it includes.
     *
     * @param chain the files that include this one, outermost first
     */
    void add(String name, String label, MatrixFile.Source source, Set<String> chain, String includedAt) {
        if (!chain.add(name)) {
            throw Messages.file(
                    includedAt,
                    "include: a cycle, " + Quoted.of(String.join(" includes ", chain) + " includes " + name),
                    "Let no file include itself");
        }
        if (++files > MOST_FILES) {
            throw Messages.file(includedAt, "include: more than " + MOST_FILES + " files", "Include fewer");
        }
        YamlNodes.Item root = YamlNodes.read(text(name, label, source, includedAt), label);
        root.map().forEach((section, item) -> {
            if (!NAMES.contains(section)) {
                throw item.wrong(section, "is unknown", String.join(", ", NAMES));
            }
        });
        YamlNodes.Item include = root.map().get("include");
        if (include != null) {
            for (YamlNodes.Item one : include.list() == null ? List.of(include) : include.list()) {
                if (one.text() == null) {
                    throw one.wrong("include", one.kind(), "the name of a file, or a list of names");
                }
                add(one.text(), Quoted.of(one.text()), source, chain, one.origin());
            }
        }
        chain.remove(name);
        merge(root.map());
    }

    private static String text(String name, String label, MatrixFile.Source source, String includedAt) {
        try {
            return source.read(name);
        } catch (IOException | InvalidPathException e) {
            // The matrix itself is included nowhere.
            boolean whole = includedAt.equals(label);
            throw new InvalidInputException(
                    (whole ? label : includedAt + ": " + Quoted.of(name)) + " cannot be read (" + Quoted.reason(e)
                            + "). Name an existing file" + (whole ? "." : " in the matrix's folder."),
                    e);
        }
    }

    private void merge(Map<String, YamlNodes.Item> sections) {
        sections.forEach((section, item) -> {
            switch (section) {
                case "title" -> title = plain(section, item);
                case "vars" -> map(section, item).forEach(this::variable);
                case "settings" -> settings.putAll(map(section, item));
                case "axes" -> axes.putAll(map(section, item));
                case "compare" -> compare.putAll(map(section, item));
                case "exclude" -> exclude.addAll(list(section, item));
                default -> {
                    // include: done already
                }
            }
        });
    }

    private void variable(String name, YamlNodes.Item item) {
        String value = plain("vars." + name, item);
        if (value.contains("${")) {
            throw item.wrong("vars." + name, "names a variable itself", "a plain value");
        }
        variables.setProperty(name, value);
    }

    private static String plain(String key, YamlNodes.Item item) {
        if (item.text() == null) {
            throw item.wrong(key, item.kind(), "a plain value");
        }
        return item.text();
    }

    private static Map<String, YamlNodes.Item> map(String key, YamlNodes.Item item) {
        if (item.map() == null) {
            throw item.wrong(key, item.kind(), "a map");
        }
        return item.map();
    }

    private static List<YamlNodes.Item> list(String key, YamlNodes.Item item) {
        if (item.list() == null) {
            throw item.wrong(key, item.kind(), "a list");
        }
        return item.list();
    }

    /** Replaces {@code ${name}} by the file's own variables; nothing else is looked up. */
    String interpolated(YamlNodes.Item item) {
        String text = plain("a value", item);
        if (!text.contains("${")) {
            return text;
        }
        ConfigurationInterpolator interpolator = new ConfigurationInterpolator();
        interpolator.addDefaultLookup(variables::getString);
        String result = String.valueOf(interpolator.interpolate(text));
        if (result.contains("${")) {
            List<String> names = new ArrayList<>();
            variables.getKeys().forEachRemaining(names::add);
            throw item.wrong(Messages.shown(text), "names no variable", "names of vars: " + Quoted.of(names));
        }
        return result;
    }
}
