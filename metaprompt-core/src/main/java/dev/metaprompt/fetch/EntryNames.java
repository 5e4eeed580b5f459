package dev.metaprompt.fetch;

import dev.metaprompt.io.Quoted;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The names of an archive's entries, held to what is safe on every system: relative, below the root, no two that some
 * file system takes for the same, and no more files and folders than allowed, those counted that names only imply.
 *
 * <p>They are kept as a tree, so that memory grows with what is made and not with the length of whole names: ten
 * thousand names of a thousand characters would else take gigabytes.
 */
final class EntryNames {
    private static final int LONGEST = 1024;
    /** What the usual file systems allow, in bytes of UTF-8. */
    private static final int LONGEST_PART = 255;
    /** Folders in folders, the entry counted; data sets and runs have four. */
    private static final int DEEPEST = 32;

    /** A file or folder that is taken, as its name was written, and what it holds by {@link #key}. */
    private static final class Node {
        private final String written;
        private final boolean folder;
        private final Map<String, Node> children;

        Node(String written, boolean folder) {
            this.written = written;
            this.folder = folder;
            this.children = folder ? new HashMap<>(4) : Map.of();
        }
    }

    private final Node root = new Node("", true);
    private final long most;
    private long count;

    /** A name that cannot be unpacked. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String name, String reason) {
            super("the entry " + shown(name) + " " + reason);
        }
    }

    /**
     * Begins without a name.
     *
     * @param most how many files and folders the names may make in all
     */
    EntryNames(long most) {
        this.most = most;
    }

    /**
     * Takes a name.
     *
     * @param name as it stands in the archive
     * @param folder whether it is a folder's
     * @return its segments; empty for the root itself
     * @throws Refused if it leaves the root, collides with an earlier one, is too long or too deep, or if it and the
     *     folders that it implies are more than may still be made; nothing of it is taken then
     */
    List<String> take(String name, boolean folder) throws Refused {
        List<String> segments = segments(name);
        List<String> keys = new ArrayList<>(segments.size());
        for (String segment : segments) {
            keys.add(key(name, segment));
        }
        Node node = root;
        int known = 0;
        while (known < segments.size() && node.children.containsKey(keys.get(known))) {
            node = node.children.get(keys.get(known));
            boolean now = folder || known < segments.size() - 1;
            // a folder may be named again and again, by itself and by what it holds
            if (!node.folder || !now || !node.written.equals(segments.get(known))) {
                throw new Refused(name, "collides with " + shown(written(segments.subList(0, known), node)));
            }
            known++;
        }
        int more = segments.size() - known;
        if (count + more > most) {
            throw new Refused(name, "and the folders that names imply make more than " + most + " files and folders");
        }
        count += more;
        for (int i = known; i < segments.size(); i++) {
            Node child = new Node(segments.get(i), folder || i < segments.size() - 1);
            node.children.put(keys.get(i), child);
            node = child;
        }
        return segments;
    }

    private static String written(List<String> above, Node node) {
        return above.isEmpty() ? node.written : String.join("/", above) + "/" + node.written;
    }

    private static List<String> segments(String name) throws Refused {
        if (name.isEmpty() || name.length() > LONGEST) {
            throw new Refused(name, "has a name of " + name.length() + " characters; 1 to " + LONGEST + " are allowed");
        }
        if (name.startsWith("/") || name.matches("[A-Za-z]:.*")) {
            throw new Refused(name, "has an absolute name");
        }
        if (name.chars().anyMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c))) {
            throw new Refused(name, "has a backslash, a colon or a control character in its name");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : name.split("/")) {
            if (segment.equals("..")) {
                throw new Refused(name, "leaves the folder it is unpacked to");
            }
            if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        if (segments.size() > DEEPEST) {
            throw new Refused(name, "lies " + segments.size() + " levels deep; at most " + DEEPEST + " are allowed");
        }
        return segments;
    }

    /** The same for names that Windows or macOS take for one. */
    private static String key(String name, String segment) throws Refused {
        String plain = Normalizer.normalize(segment, Normalizer.Form.NFKC);
        String key = plain.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        // one character may stand for many
        int bytes = Math.max(segment.getBytes(StandardCharsets.UTF_8).length, key.length());
        if (bytes > LONGEST_PART) {
            throw new Refused(
                    name, "has a part of " + bytes + " bytes in its name; at most " + LONGEST_PART + " are allowed");
        }
        int end = key.length();
        while (end > 0 && (key.charAt(end - 1) == '.' || key.charAt(end - 1) == ' ')) {
            end--;
        }
        return key.substring(0, end);
    }

    /** Where an entry lands; a second look that it is below the root. */
    static Path place(Path root, String name, List<String> segments) throws Refused {
        Path place = root;
        for (String segment : segments) {
            place = place.resolve(segment);
        }
        if (!place.normalize().startsWith(root.normalize())) {
            throw new Refused(name, "leaves the folder it is unpacked to");
        }
        return place;
    }

    private static String shown(String name) {
        return "'" + Quoted.of(name) + "'";
    }
}
