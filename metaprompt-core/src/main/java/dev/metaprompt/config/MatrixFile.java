package dev.metaprompt.config;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Axis;
import dev.metaprompt.experiment.AxisValue;
import dev.metaprompt.experiment.Comparison;
import dev.metaprompt.experiment.Exclusion;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.OutsideException;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a matrix of configurations from YAML: {@code title}, {@code include}, {@code vars}, {@code settings}, {@code
 * axes}, {@code exclude} and {@code compare}. Every key and value is checked against the table of keys; every error
 * names file, line and key. {@code docs/experiments.md} describes the format.
 */
public final class MatrixFile {
    private static final long LARGEST_FILE = 1 << 20;
    private static final List<String> REPLICATES = List.of("seed", "dataset.seed");

    private final MatrixSections sections;

    private MatrixFile(MatrixSections sections) {
        this.sections = sections;
    }

    /** Gives the text of an included file. */
    interface Source {
        /**
         * Reads a file.
         *
         * @param name as the including file writes it
         * @return its text
         * @throws IOException if there is none, or it cannot be read
         */
        String read(String name) throws IOException;
    }

    /**
     * Reads a file.
     *
     * @param file a YAML file; what it includes lies in its folder or below
     * @param label how the user knows it; begins every origin
     * @return the matrix, named as the file without its ending
     * @throws InvalidInputException if it is missing, not well formed, or says what is not allowed
     */
    public static Matrix read(Path file, String label) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        String name = file.getFileName().toString();
        return read(name, label, included -> {
            try {
                return UserText.read(Inside.resolveReal(folder, included), LARGEST_FILE);
            } catch (OutsideException e) {
                throw new IOException("its name " + e.getMessage(), e);
            }
        });
    }

    static Matrix read(String name, String label, Source source) {
        MatrixSections sections = new MatrixSections();
        sections.add(name, label, source, new LinkedHashSet<>(), label);
        return new MatrixFile(sections).matrix(name.replaceFirst("\\.ya?ml$", ""), label);
    }

    private Matrix matrix(String name, String label) {
        if (!Plan.NAME.matcher(name).matches()) {
            throw Messages.file(
                    label, "its name is to name a folder", "Use letters, digits, \".\", \"_\" and \"-\" in its name");
        }
        List<Assignment> settings = new ArrayList<>();
        flatten("", sections.settings(), settings);
        List<Axis> axes = new ArrayList<>();
        sections.axes().forEach((key, item) -> axes.add(axis(key, item)));
        List<Exclusion> exclude = new ArrayList<>();
        sections.exclude().forEach(item -> exclude.add(exclusion(item, axes)));
        Matrix matrix = new Matrix(
                name, sections.title().isEmpty() ? name : sections.title(), settings, axes, exclude, comparison(axes));
        if (matrix.size() == 0) {
            throw Messages.file(label, "a matrix without cells", "Give it axes");
        }
        return matrix;
    }

    /** Nested maps spell dotted keys. */
    private void flatten(String prefix, Map<String, YamlNodes.Item> map, List<Assignment> settings) {
        map.forEach((part, item) -> {
            String key = prefix + part;
            if (item.map() != null && Keys.find(key).isEmpty() && !item.map().isEmpty()) {
                flatten(key + ".", item.map(), settings);
            } else {
                settings.add(assignment(key, item));
            }
        });
    }

    private Assignment assignment(String key, YamlNodes.Item item) {
        if (item.text() == null) {
            throw item.wrong(key, item.kind(), "a plain value");
        }
        Setting setting = new Setting(key, sections.interpolated(item), item.origin());
        Key known = Keys.find(key).orElseThrow(() -> Messages.unknownKey(setting));
        if (!FromElsewhere.maySet(known)) {
            throw Messages.notHere(setting, "a matrix");
        }
        Values.parse(known, setting);
        return new Assignment(key, (String) setting.value(), item.origin());
    }

    private Axis axis(String name, YamlNodes.Item item) {
        List<AxisValue> values = new ArrayList<>();
        if (item.map() != null) {
            item.map().forEach((label, set) -> values.add(named(name, label, set)));
        } else if (item.list() != null) {
            item.list().forEach(value -> values.add(plain(name, value)));
        } else {
            String text = sections.interpolated(item);
            Ranges.of(text, item, name)
                    .forEach(value -> values.add(plain(name, new YamlNodes.Item(value, null, null, item.origin()))));
        }
        if (values.isEmpty()) {
            throw item.wrong("axes." + name, "is empty", "at least one value");
        }
        Set<String> labels = new LinkedHashSet<>();
        for (AxisValue value : values) {
            if (!labels.add(value.label())) {
                throw item.wrong("axes." + name, "has " + Messages.shown(value.label()) + " twice", "each value once");
            }
        }
        return new Axis(name, values, item.origin());
    }

    private AxisValue named(String axis, String label, YamlNodes.Item set) {
        if (Keys.find(axis).isPresent()) {
            throw set.wrong("axes." + axis, "is a map, but " + axis + " is a key", "a list of its values");
        }
        if (set.map() == null) {
            throw set.wrong("axes." + axis + "." + label, set.kind(), "a map of keys and values, {} for none");
        }
        List<Assignment> settings = new ArrayList<>();
        flatten("", set.map(), settings);
        return new AxisValue(label, settings);
    }

    private AxisValue plain(String axis, YamlNodes.Item value) {
        if (value.text() == null) {
            throw value.wrong("axes." + axis, "has a value that " + value.kind(), "plain values");
        }
        Assignment assignment = assignment(axis, value);
        return new AxisValue(assignment.value(), List.of(assignment));
    }

    private Exclusion exclusion(YamlNodes.Item item, List<Axis> axes) {
        if (item.map() == null || item.map().isEmpty()) {
            throw item.wrong("exclude", item.kind(), "a list of maps from axes to values");
        }
        Map<String, List<String>> where = new LinkedHashMap<>();
        item.map().forEach((axis, labels) -> {
            List<String> wanted = labels.list() != null
                    ? labels.list().stream().map(sections::interpolated).toList()
                    : List.of(sections.interpolated(labels));
            wanted.forEach(label -> requireLabel("exclude", axis, label, axes, labels));
            where.put(axis, wanted);
        });
        return new Exclusion(where, item.origin());
    }

    private Comparison comparison(List<Axis> axes) {
        List<String> over = new ArrayList<>();
        Map<String, String> reference = new LinkedHashMap<>();
        axes.stream().map(Axis::name).filter(REPLICATES::contains).forEach(over::add);
        sections.compare().forEach((part, item) -> {
            switch (part) {
                case "over" -> {
                    over.clear();
                    over.addAll(over(item, axes));
                }
                case "reference" -> {
                    if (item.map() == null) {
                        throw item.wrong("compare.reference", item.kind(), "a map from axes to values");
                    }
                    item.map().forEach((axis, label) -> {
                        requireLabel("compare.reference", axis, sections.interpolated(label), axes, label);
                        reference.put(axis, sections.interpolated(label));
                    });
                }
                default -> throw item.wrong("compare." + part, "is unknown", "reference, over");
            }
        });
        return new Comparison(reference, over);
    }

    private List<String> over(YamlNodes.Item item, List<Axis> axes) {
        if (item.list() == null) {
            throw item.wrong("compare.over", item.kind(), "a list of axes");
        }
        List<String> names = axes.stream().map(Axis::name).toList();
        List<String> over = item.list().stream().map(sections::interpolated).toList();
        for (String axis : over) {
            if (!names.contains(axis)) {
                throw item.wrong(
                        "compare.over", "has " + Messages.shown(axis) + ", which is no axis", Quoted.of(names));
            }
        }
        return over;
    }

    private static void requireLabel(String where, String axis, String label, List<Axis> axes, YamlNodes.Item item) {
        Axis found = axes.stream()
                .filter(candidate -> candidate.name().equals(axis))
                .findFirst()
                .orElseThrow(() -> item.wrong(
                        where + "." + axis,
                        "is no axis",
                        Quoted.of(axes.stream().map(Axis::name).toList())));
        List<String> labels = found.values().stream().map(AxisValue::label).toList();
        if (!labels.contains(label)) {
            throw item.wrong(where + "." + axis, "is " + Messages.shown(label), Quoted.of(labels));
        }
    }
}
