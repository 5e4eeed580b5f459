package dev.metaprompt.data;

import dev.metaprompt.Progress;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a listing of images leaves out, counted by kind and by class, and told as one warning a kind. */
public final class LeftOutFiles {
    private static final int MOST_CLASSES = 5;
    /** Kinds with lines of their own; whoever has more endings in a folder is told the rest together. */
    private static final int MOST_KINDS = 12;

    private static final int MOST_ENDINGS = 500;
    private static final Kind OTHERS = new Kind("file", " of other endings", " of other endings");

    /** What systems leave in every folder they show. */
    private static final Set<String> SYSTEM = Set.of("thumbs.db", "ehthumbs.db", "desktop.ini");

    /** A folder that is a link and is not looked into. */
    enum Link {
        /** One that would be read twice or without end. */
        BACK(
                " that leads back into its class folder or above it",
                " that lead back into their class folder or above it"),
        /** One that may lead anywhere. */
        OUT(" that leads out of the data set", " that lead out of the data set"),
        /** One that leads where another has led. */
        AGAIN(" that leads where another has led", " that lead where another has led"),
        /** One that would be read without end. */
        CIRCLE(" that leads back to a folder above it", " that lead back to folders above them");

        private final Kind kind;

        Link(String one, String many) {
            kind = new Kind("linked folder", one, many);
        }
    }

    private record Kind(String noun, String one, String many) implements Comparable<Kind> {
        private static final Comparator<Kind> ORDER =
                Comparator.comparing(Kind::noun).thenComparing(Kind::one);

        @Override
        public int compareTo(Kind other) {
            return ORDER.compare(this, other);
        }

        String counted(int count) {
            return count + " " + noun + (count == 1 ? one : "s" + many);
        }
    }

    private final Map<Kind, Map<String, Integer>> counts = new TreeMap<>();

    /**
     * Counts a file that is not read. Files that systems make by themselves do not count, nor do hidden ones that do
     * not end like images.
     *
     * @param className the class whose it is, or the folder
     * @param fileName without folders
     * @param hidden whether it, or a folder above it, is hidden
     */
    public void file(String className, String fileName, boolean hidden) {
        if (hidden ? ImageFiles.endsLikeImage(fileName) : !SYSTEM.contains(fileName.toLowerCase(Locale.ROOT))) {
            String ending = ending(fileName);
            add(new Kind(hidden ? "hidden file" : "file", ending, ending), className);
        }
    }

    /**
     * Counts a link named like an image that leads to nothing.
     *
     * @param className the class whose it is, or the folder
     * @param fileName without folders
     */
    public void brokenLink(String className, String fileName) {
        String ending = ending(fileName);
        add(new Kind("broken link", ending, ending), className);
    }

    /**
     * Counts a linked folder that leads to one above it.
     *
     * @param folder in which it is
     */
    public void circle(String folder) {
        linkedFolder(folder, Link.CIRCLE);
    }

    /** Counts a folder that is not looked into. */
    void linkedFolder(String className, Link why) {
        add(why.kind, className);
    }

    private void add(Kind kind, String className) {
        Kind counted = counts.size() < MOST_ENDINGS || counts.containsKey(kind) ? kind : OTHERS;
        counts.computeIfAbsent(counted, any -> new TreeMap<>()).merge(className, 1, Integer::sum);
    }

    private static String ending(String fileName) {
        int dot = fileName.lastIndexOf('.');
        String ending = dot <= 0 ? "" : fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
        return ending.matches("[\\p{L}\\p{N}_-]{1,12}") ? " ." + ending : " without a usual ending";
    }

    /**
     * Says what was left out.
     *
     * @param folder what was listed
     * @param progress hears one warning a kind, and none where nothing was left out
     */
    public void tell(Path folder, Progress progress) {
        List<Map.Entry<Kind, Map<String, Integer>>> kinds = new ArrayList<>(counts.entrySet());
        kinds.sort(Comparator.comparing(entry -> -sum(entry.getValue())));
        if (kinds.size() > MOST_KINDS) {
            Map<String, Integer> rest = new TreeMap<>();
            kinds.subList(MOST_KINDS, kinds.size())
                    .forEach(entry -> entry.getValue().forEach((name, count) -> rest.merge(name, count, Integer::sum)));
            kinds = new ArrayList<>(kinds.subList(0, MOST_KINDS));
            kinds.add(Map.entry(OTHERS, rest));
        }
        kinds.forEach(entry -> {
            int sum = sum(entry.getValue());
            progress.phase("warning: " + entry.getKey().counted(sum) + " below " + Quoted.path(folder)
                    + (sum == 1 ? " is" : " are") + " left out (" + classes(entry.getValue()) + "); read are "
                    + ImageFiles.FORMATS + " files that are named so");
        });
    }

    /** Returns what of a class was left out, for example {@code 12 files .tif and 1 file .txt}. */
    String of(String className) {
        return String.join(
                ", ",
                counts.entrySet().stream()
                        .filter(entry -> entry.getValue().containsKey(className))
                        .limit(MOST_KINDS)
                        .map(entry -> entry.getKey().counted(entry.getValue().get(className)))
                        .toList());
    }

    private static int sum(Map<String, Integer> byClass) {
        return byClass.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static String classes(Map<String, Integer> byClass) {
        List<String> shown = byClass.entrySet().stream()
                .limit(MOST_CLASSES)
                .map(entry -> Quoted.of(entry.getKey()) + " " + entry.getValue())
                .toList();
        int more = byClass.size() - shown.size();
        return String.join(", ", shown)
                + (more == 0 ? "" : " and " + more + (more == 1 ? " more class" : " more classes"));
    }
}
