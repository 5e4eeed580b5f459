package dev.metaprompt.config;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The page {@code docs/options.md}: the table of keys for people. */
public final class OptionsPage {
    private static final String INTRODUCTION = """
            # Options

            Every option is one key. A key is set, weakest first, by its default, the method's default, the settings the
            model recommends (`metaprompt.yaml` beside its weights), a preset, a YAML or properties file
            (`-Dmetaprompt.config=…`), the POM's `<configuration>`, and `-Dmetaprompt.<key>=…`. Keys marked * also work as
            `-D<key>=…`. A run's `run.json` records each value and where it came from. An unknown key, a wrong type or a
            value out of range stops before anything is computed.

            This page is written from the table in `dev.metaprompt.config`; a test holds them together.
            """;

    private OptionsPage() {}

    /**
     * Writes the page.
     *
     * @return Markdown, ending with a line end
     */
    public static String markdown() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Group group : Group.values()) {
            page.append("\n## ").append(group.title()).append("\n\nRead by ");
            page.append(String.join(", ", new TreeSet<>(group.goals()))).append(".\n\n");
            page.append("| key | type | default | allowed | meaning |\n|---|---|---|---|---|\n");
            Keys.all().stream().filter(key -> key.group() == group).forEach(key -> page.append(row(key)));
        }
        return page.toString();
    }

    private static String row(Key key) {
        String name = "`" + key.name() + "`" + (key.bare() ? " *" : "");
        List<String> cells = List.of(name, key.type().word(), defaults(key), cell(key.allowed()), cell(key.meaning()));
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String defaults(Key key) {
        List<String> texts = new ArrayList<>();
        texts.add(key.defaultValue().map(value -> "`" + value + "`").orElse("–"));
        for (String method : Keys.METHODS) {
            Object own = BuiltInSettings.methodDefaults(method).get(key.name());
            if (own != null) {
                texts.add(method + ": `" + own + "`");
            }
        }
        return String.join("; ", texts);
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
