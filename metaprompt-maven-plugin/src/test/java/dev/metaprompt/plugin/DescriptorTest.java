package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
                Map.of(
                        "train", "compile",
                        "evaluate", "test",
                        "prepare", "process-resources",
                        "report", "post-integration-test",
                        "encode", "",
                        "pretrain", ""),
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
}
