package dev.metaprompt.data;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.RandomStream;
import dev.metaprompt.io.Quoted;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which classes are trained on and which are only tested on; both lists in the order of the labels.
 *
 * @param base classes with training images, at least one
 * @param newClasses classes without; may be empty
 */
public record ClassSplit(List<String> base, List<String> newClasses) {
    private static final String COOP = "coop";
    private static final String RANDOM = "random:";

    /** Copies the lists. */
    public ClassSplit {
        base = List.copyOf(base);
        newClasses = List.copyOf(newClasses);
    }

    /**
     * Splits as the value of {@code dataset.classSplit} says.
     *
     * @param dataset whose classes
     * @param value {@code coop} or {@code random:<seed>}
     * @return the split
     * @throws InvalidInputException if the value is another
     */
    public static ClassSplit of(Dataset dataset, String value) {
        if (value.equals(COOP)) {
            return coop(dataset);
        }
        if (value.matches(RANDOM + "-?\\d{1,18}")) {
            return random(dataset, Long.parseLong(value.substring(RANDOM.length())));
        }
        throw new InvalidInputException("dataset.classSplit is " + Quoted.of(value)
                + "; allowed is coop or random:<seed> with a whole number: for example random:7.");
    }

    /**
     * Splits as CoOp does: the first half of the classes, rounded up, is base.
     *
     * @param dataset whose classes
     * @return the split
     */
    public static ClassSplit coop(Dataset dataset) {
        List<String> classes = dataset.classes();
        int half = (classes.size() + 1) / 2;
        return new ClassSplit(classes.subList(0, half), classes.subList(half, classes.size()));
    }

    /**
     * Draws ⌈C/2⌉ of the C classes as base.
     *
     * @param dataset whose classes
     * @param seed of the draw; not the run's, so that runs of several seeds can share a split
     * @return the split
     */
    public static ClassSplit random(Dataset dataset, long seed) {
        List<String> classes = dataset.classes();
        int half = (classes.size() + 1) / 2;
        Set<String> base = new HashSet<>();
        for (int index : RandomStream.of(seed, "classSplit").sample(classes.size(), half)) {
            base.add(classes.get(index));
        }
        return parted(classes, base, classes);
    }

    /**
     * Takes the classes the user names; classes in neither list are left out.
     *
     * @param dataset whose classes
     * @param base names, at least one
     * @param newClasses names, may be empty
     * @return the split
     * @throws InvalidInputException if a name is unknown, named twice, or there is no base class
     */
    public static ClassSplit explicit(Dataset dataset, List<String> base, List<String> newClasses) {
        List<String> classes = dataset.classes();
        if (base.isEmpty()) {
            throw new InvalidInputException(
                    "dataset.classes.base is empty; allowed is one class of dataset " + Quoted.of(dataset.name())
                            + " or more, for example " + Quoted.of(classes.get(0)) + ": name the base classes.");
        }
        Set<String> named = new HashSet<>();
        check(dataset, classes, named, "dataset.classes.base", base);
        check(dataset, classes, named, "dataset.classes.new", newClasses);
        return parted(classes, new HashSet<>(base), newClasses);
    }

    private static void check(
            Dataset dataset, List<String> classes, Set<String> named, String key, List<String> names) {
        Set<String> known = new HashSet<>(classes);
        for (String name : names) {
            if (!known.contains(name)) {
                throw new InvalidInputException(
                        key + " names " + Quoted.of(name) + ", which dataset " + Quoted.of(dataset.name())
                                + " has not; allowed are its " + classes.size() + " classes " + shown(classes)
                                + ": correct the name.");
            }
            if (!named.add(name)) {
                throw new InvalidInputException(key + " names " + Quoted.of(name)
                        + " a second time; allowed is each class once, as base or as new: remove one.");
            }
        }
    }

    private static String shown(List<String> classes) {
        int most = 10;
        String first = Quoted.of(String.join(", ", classes.subList(0, Math.min(most, classes.size()))));
        return classes.size() > most && !first.endsWith("…") ? first + ", …" : first;
    }

    private static ClassSplit parted(List<String> classes, Set<String> base, List<String> others) {
        Set<String> rest = new HashSet<>(others);
        rest.removeAll(base);
        return new ClassSplit(
                classes.stream().filter(base::contains).toList(),
                classes.stream().filter(rest::contains).toList());
    }
}
