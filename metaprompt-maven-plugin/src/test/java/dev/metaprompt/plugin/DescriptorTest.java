package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.config.Key;
import dev.metaprompt.config.Keys;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The generated descriptor is what users read in {@code help}. */
class DescriptorTest {
    private static final List<String> POM_ONLY = List.of("forkEnvironment", "options");

    private static Document descriptor() throws Exception {
        try (InputStream in = DescriptorTest.class.getResourceAsStream("/META-INF/maven/plugin.xml")) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
    }

    private static Stream<Element> elements(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagName(name);
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found.stream();
    }

    private static String child(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeName().equals(name)) {
                return node.getTextContent().strip();
            }
        }
        return "";
    }

    private static Stream<Element> goals() throws Exception {
        return elements(descriptor().getDocumentElement(), "mojo")
                .filter(m -> !child(m, "goal").equals("help"));
    }

    /** Returns the expression, for example {@code ${metaprompt.way}}, of each parameter of a goal. */
    private static Map<String, String> expressions(Element goal) {
        Map<String, String> found = new TreeMap<>();
        Element configuration = elements(goal, "configuration").findFirst().orElseThrow();
        for (Node node = configuration.getFirstChild(); node != null; node = node.getNextSibling()) {
            found.put(node.getNodeName(), node.getTextContent().strip());
        }
        return found;
    }

    @Test
    void theGoalsAreThoseOfTheManualWithTheirPhases() throws Exception {
        Map<String, String> phases = new TreeMap<>();
        goals().forEach(goal -> phases.put(child(goal, "goal"), child(goal, "phase")));
        assertEquals(
                Map.ofEntries(
                        Map.entry("train", "compile"),
                        Map.entry("evaluate", "test"),
                        Map.entry("prepare", "process-resources"),
                        Map.entry("experiment", "integration-test"),
                        Map.entry("report", "post-integration-test"),
                        Map.entry("check", "verify"),
                        Map.entry("worker", ""),
                        Map.entry("encode", ""),
                        Map.entry("pretrain", ""),
                        Map.entry("sync", ""),
                        Map.entry("replay", "")),
                phases);
    }

    @Test
    void everyGoalWorksWithoutPomAndOnceInAReactor() throws Exception {
        goals().forEach(goal -> {
            assertEquals("false", child(goal, "requiresProject"));
            assertEquals("true", child(goal, "aggregator"));
            assertEquals("true", child(goal, "threadSafe"));
        });
    }

    @Test
    void everyParameterIsDocumentedWithPropertyDefaultExampleAndSince() throws Exception {
        List<String> wrong = new ArrayList<>();
        goals().forEach(goal -> {
            Map<String, String> expressions = expressions(goal);
            elements(goal, "parameter")
                    .filter(p -> child(p, "editable").equals("true"))
                    .forEach(parameter -> {
                        String name = child(parameter, "name");
                        String text = child(parameter, "description");
                        boolean property = expressions.getOrDefault(name, "").startsWith("${metaprompt.");
                        boolean example = text.contains("Example:") || text.contains("Bare property:");
                        boolean hasDefault = text.contains("Default:")
                                || text.contains("Required.")
                                || text.contains("Skips")
                                || hasDefault(goal, name);
                        if (!(property || POM_ONLY.contains(name))
                                || !example
                                || !hasDefault
                                || child(parameter, "since").isEmpty()) {
                            wrong.add(child(goal, "goal") + "." + name + ": " + text);
                        }
                    });
        });
        assertEquals(List.of(), wrong);
    }

    private static boolean hasDefault(Element goal, String name) {
        Element configuration = elements(goal, "configuration").findFirst().orElseThrow();
        return elements(configuration, name).anyMatch(e -> e.hasAttribute("default-value"));
    }

    @Test
    void theMainKeysAreParametersOfTrain() throws Exception {
        Element train = goals().filter(g -> child(g, "goal").equals("train"))
                .findFirst()
                .orElseThrow();
        Map<String, String> expressions = expressions(train);
        for (String key : Options.BARE) {
            assertEquals("${metaprompt." + key + "}", expressions.get(key), key);
        }
        assertTrue(expressions.containsKey("skip"));
        assertEquals("${metaprompt.train.skip}", expressions.get("skipGoal"));
    }

    /** Returns the key a parameter sets, or nothing for the plugin's own. */
    private static Optional<Key> key(Map<String, String> expressions, String parameter) {
        String expression = expressions.getOrDefault(parameter, "");
        return parameter.startsWith("skip") || parameter.startsWith("fork") || expression.isEmpty()
                ? Optional.empty()
                : Keys.find(expression.replaceAll("^\\$\\{metaprompt\\.|}$", ""));
    }

    private static String defaultText(Key key) {
        return key.defaultValue().map(String::valueOf).orElse("unset");
    }

    @Test
    void theParametersFollowTheTableOfKeys() throws Exception {
        List<String> wrong = new ArrayList<>();
        goals().forEach(goal -> elements(goal, "parameter")
                .filter(p -> child(p, "editable").equals("true") && !POM_ONLY.contains(child(p, "name")))
                .map(p -> child(p, "name"))
                .filter(name -> !name.startsWith("skip") && !name.startsWith("fork"))
                .forEach(name -> {
                    Optional<Key> key = key(expressions(goal), name);
                    if (key.isEmpty()) {
                        wrong.add(child(goal, "goal") + "." + name + " is no key");
                    } else if (!Options.SHORT
                            .getOrDefault(name, name)
                            .equals(key.get().name())) {
                        wrong.add(child(goal, "goal") + "." + name + " is read from the POM as another key");
                    } else if (hasDefault(goal, name)
                            && !defaultValue(goal, name).equals(defaultText(key.get()))) {
                        wrong.add(child(goal, "goal") + "." + name + " has the default " + defaultText(key.get()));
                    }
                }));
        assertEquals(List.of(), wrong);
        assertEquals(
                Options.BARE,
                Keys.all().stream().filter(Key::bare).map(Key::name).collect(Collectors.toSet()));
    }

    private static String defaultValue(Element goal, String name) {
        Element configuration = elements(goal, "configuration").findFirst().orElseThrow();
        return elements(configuration, name).findFirst().orElseThrow().getAttribute("default-value");
    }

    @Test
    void helpTellsEveryKeyThatIsNoParameter() throws Exception {
        Set<String> parameters = new TreeSet<>();
        goals().forEach(goal -> expressions(goal).values().forEach(parameters::add));
        Element train = goals().filter(g -> child(g, "goal").equals("train"))
                .findFirst()
                .orElseThrow();
        String text = elements(train, "parameter")
                .filter(p -> child(p, "name").equals("options"))
                .map(p -> child(p, "description"))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\s+", " ");
        List<String> missing = Keys.all().stream()
                .filter(key -> !parameters.contains("${" + key.property() + "}"))
                .map(key -> "* " + key.name() + " (" + defaultText(key) + "): " + key.meaning())
                .filter(line -> !text.contains(line))
                .toList();
        assertEquals(List.of(), missing, "to be written into the Javadoc of AbstractKeysMojo.options");
        assertEquals(
                Keys.all().stream()
                        .filter(key -> !parameters.contains("${" + key.property() + "}"))
                        .count(),
                text.split(" \\* ").length - 1,
                "keys that the table no longer has");
    }
}
