package dev.metaprompt.tensor;

import dev.metaprompt.tensor.PickleValues.Fields;
import dev.metaprompt.tensor.PickleValues.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the tensors in what a pickle leaves, and the names that the model gives them. */
final class StateDict {
    private static final List<String> WRAPPERS = List.of("state_dict", "model_state_dict", "model");
    private static final List<String> PREFIXES = List.of("module.", "model.", "_orig_mod.");
    private static final int DEEPEST = 64;
    private static final int MOST_TENSORS = 100_000;
    private static final int LONGEST_NAME = 1000;
    private static final int MOST_VISITS = 1_000_000;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private int visits;

    private StateDict() {}

    /**
     * Lists tensors by name, without what training programs put around them.
     *
     * @param root a dictionary, of tensors or with one of tensors under {@code state_dict} or {@code model}; or a
     *     TorchScript module
     * @return tensors by dotted name
     * @throws PickleException if there are none
     */
    static Map<String, Tensor> of(Object root) {
        if (!(root instanceof Fields fields)) {
            throw new PickleException("holds " + PickleCalls.kind(root) + "; a dictionary of tensors is needed");
        }
        StateDict dict = new StateDict();
        dict.collect("", unwrap(fields), 0);
        if (dict.tensors.isEmpty()) {
            throw new PickleException("holds no tensors");
        }
        return stripped(dict.tensors);
    }

    private static Fields unwrap(Fields root) {
        Fields fields = root;
        for (int depth = 0; depth < DEEPEST && !fields.script(); depth++) {
            Fields inner = inner(fields);
            if (inner == null) {
                break;
            }
            fields = inner;
        }
        return fields;
    }

    private static Fields inner(Fields fields) {
        for (String wrapper : WRAPPERS) {
            if (fields.entries().get(wrapper) instanceof Fields inner) {
                return inner;
            }
        }
        return null;
    }

    private void collect(String prefix, Fields fields, int depth) {
        if (depth > DEEPEST) {
            throw new PickleException("holds dictionaries more than " + DEEPEST + " deep");
        }
        for (Map.Entry<Object, Object> entry : fields.entries().entrySet()) {
            if (++visits > MOST_VISITS || tensors.size() >= MOST_TENSORS) {
                throw new PickleException("holds more than " + MOST_TENSORS + " tensors or " + MOST_VISITS + " values");
            }
            if (entry.getValue() instanceof Tensor tensor) {
                tensors.put(name(prefix, entry.getKey()), tensor);
            } else if (entry.getValue() instanceof Fields inner) {
                collect(name(prefix, entry.getKey()) + ".", inner, depth + 1);
            }
        }
    }

    // One long key, used again and again, would else make names of many times the pickle's length.
    private static String name(String prefix, Object key) {
        String text = String.valueOf(key);
        if (prefix.length() + text.length() > LONGEST_NAME) {
            throw new PickleException("holds a name of more than " + LONGEST_NAME + " characters");
        }
        return prefix + text;
    }

    private static Map<String, Tensor> stripped(Map<String, Tensor> tensors) {
        Map<String, Tensor> result = tensors;
        for (int i = 0; i < PREFIXES.size(); i++) {
            for (String prefix : PREFIXES) {
                Set<String> names = result.keySet();
                if (names.stream().allMatch(name -> name.startsWith(prefix) && name.length() > prefix.length())) {
                    Map<String, Tensor> shorter = new LinkedHashMap<>();
                    result.forEach((name, tensor) -> shorter.put(name.substring(prefix.length()), tensor));
                    result = shorter;
                }
            }
        }
        return result;
    }
}
