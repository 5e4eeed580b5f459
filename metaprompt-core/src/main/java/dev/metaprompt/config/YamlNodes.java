package dev.metaprompt.config;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads YAML as texts, lists and maps, each of which knows its line. */
final class YamlNodes {
    private static final int DEEPEST = 20;

    private final String label;

    private YamlNodes(String label) {
        this.label = label;
    }

    /**
     * A value of the file: one of text, list and map is not null.
     *
     * @param text a scalar as it stands there
     * @param list items
     * @param map values by key, in the file's order
     * @param origin label and line
     */
    record Item(String text, List<Item> list, Map<String, Item> map, String origin) {
        InvalidInputException wrong(String key, String found, String allowed) {
            return new InvalidInputException(
                    origin + ": " + Quoted.of(key) + " " + found + "; allowed: " + allowed + ". Correct the file.");
        }

        String kind() {
            return text != null ? "is " + Messages.shown(text) : list != null ? "is a list" : "is a map";
        }
    }

    /**
     * Reads a document.
     *
     * @param text YAML
     * @param label how the user knows the file
     * @return its map; empty for an empty file
     * @throws InvalidInputException if it is not well formed, has a key twice, an alias, or no map at its top
     */
    static Item read(String text, String label) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(DEEPEST);
        Node root;
        try {
            root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            String line = e.getProblemMark() == null
                    ? ""
                    : " line " + (e.getProblemMark().getLine() + 1);
            throw Messages.file(label + line, "not well-formed YAML: " + Quoted.of(e.getProblem()), "Correct the file");
        } catch (YAMLException | IllegalArgumentException e) {
            throw Messages.file(label, "not well-formed YAML: " + Quoted.reason(e), "Correct the file");
        }
        if (root == null) {
            return new Item(null, null, Map.of(), label + " line 1");
        }
        Item item = new YamlNodes(label).item(root);
        if (item.map() == null) {
            throw Messages.file(label, "not a map of keys and values", "Correct the file");
        }
        return item;
    }

    private Item item(Node node) {
        String origin = label + " line " + (node.getStartMark().getLine() + 1);
        if (node instanceof ScalarNode scalar) {
            return new Item(scalar.getValue(), null, null, origin);
        }
        if (node instanceof SequenceNode sequence) {
            List<Item> list = new ArrayList<>();
            sequence.getValue().forEach(child -> list.add(item(child)));
            return new Item(null, list, null, origin);
        }
        if (node instanceof MappingNode mapping) {
            return new Item(null, null, map(mapping), origin);
        }
        throw Messages.file(origin, "an alias", "Write the value out");
    }

    private Map<String, Item> map(MappingNode mapping) {
        Map<String, Item> map = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String origin =
                    label + " line " + (tuple.getKeyNode().getStartMark().getLine() + 1);
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw Messages.file(origin, "a key that is not a word", "Correct the file");
            }
            Item value = item(tuple.getValueNode());
            // A list or map below its key is looked for at the key's line.
            Item placed = new Item(value.text(), value.list(), value.map(), origin);
            if (map.putIfAbsent(key.getValue(), placed) != null) {
                throw Messages.file(
                        origin, "key " + Messages.shown(key.getValue()) + " is given twice", "Give it once");
            }
        }
        return map;
    }
}
