package dev.metaprompt.config;

import dev.metaprompt.io.Quoted;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.configuration2.AbstractYAMLBasedConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.io.InputStreamSupport;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** A YAML configuration whose scalars are the texts that stand in the file. */
final class PlainYaml extends AbstractYAMLBasedConfiguration implements InputStreamSupport {
    /** Resolves no plain scalar to anything but text. */
    private static final class TextResolver extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            // none: "on" stays "on" and "010" stays "010"
        }
    }

    @Override
    public void read(InputStream in) throws ConfigurationException {
        try {
            Object document = yaml().load(in);
            if (document instanceof Map<?, ?> map) {
                load(checked(map, ""));
            } else if (document != null && !document.equals("")) {
                throw new ConfigurationException("the file is not a map of keys and values");
            }
        } catch (MarkedYAMLException e) {
            String line = e.getProblemMark() == null
                    ? ""
                    : " at line " + (e.getProblemMark().getLine() + 1);
            throw new ConfigurationException("not well-formed YAML" + line + ": " + Quoted.of(e.getProblem()), e);
        } catch (YAMLException | IllegalArgumentException e) {
            // the second for escapes that are cut off
            throw new ConfigurationException("not well-formed YAML: " + Quoted.reason(e), e);
        }
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        DumperOptions dumper = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(dumper), dumper, options, new TextResolver());
    }

    /** Refuses what the tree of the configuration would change without a word, or fail at without naming the key. */
    private static Map<String, Object> checked(Map<?, ?> map, String prefix) throws ConfigurationException {
        Map<String, Object> result = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String key) || key.isBlank()) {
                throw new ConfigurationException("a key that is not a word: " + Quoted.of(prefix + entry.getKey()));
            }
            result.put(key, checkedValue(entry.getValue(), prefix + key));
        }
        return result;
    }

    private static Object checkedValue(Object value, String path) throws ConfigurationException {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            return checked(map, path + ".");
        }
        if (value instanceof String) {
            return value;
        }
        boolean texts = value instanceof List<?> list
                && !list.isEmpty()
                && list.stream().allMatch(item -> item instanceof String);
        if (!texts) {
            throw new ConfigurationException(
                    "key " + Quoted.of(path) + " has neither a plain value nor a list of plain values");
        }
        return value;
    }

    /** Returns flat dotted keys and their values, texts or lists of texts, in the file's order. */
    List<Map.Entry<String, Object>> values() {
        List<Map.Entry<String, Object>> values = new ArrayList<>();
        collect(getNodeModel().getNodeHandler().getRootNode(), "", values);
        return values;
    }

    /** Children of one node with the same name are the items of a list. */
    private static void collect(ImmutableNode node, String prefix, List<Map.Entry<String, Object>> values) {
        Map<String, List<ImmutableNode>> byName = new LinkedHashMap<>();
        for (ImmutableNode child : node.getChildren()) {
            byName.computeIfAbsent(child.getNodeName(), name -> new ArrayList<>())
                    .add(child);
        }
        byName.forEach((name, children) -> {
            ImmutableNode first = children.get(0);
            if (!first.getChildren().isEmpty()) {
                collect(first, prefix + name + ".", values);
            } else if (children.size() == 1) {
                values.add(Map.entry(prefix + name, first.getValue()));
            } else {
                List<Object> items =
                        children.stream().map(ImmutableNode::getValue).toList();
                values.add(Map.entry(prefix + name, items));
            }
        });
    }
}
