package dev.metaprompt.fetch;

import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The names of an archive's entries, held to what is safe on every system: relative, below the root, no two that some
 * file system takes for the same.
 */
final class EntryNames {
    private static final int LONGEST = 1024;

    /** A path that is taken: how it was written and whether it is a folder. */
    private record Taken(String path, boolean folder) {}

    private final Map<String, Taken> taken = new HashMap<>();

    /** A name that cannot be unpacked. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String name, String reason) {
            super("the entry " + shown(name) + " " + reason);
        }
    }

    /**
     * Takes a name.
     *
     * @param name as it stands in the archive
     * @param folder whether it is a folder's
     * @return its segments; empty for the root itself
     * @throws Refused if it leaves the root or collides with an earlier one
     */
    List<String> take(String name, boolean folder) throws Refused {
        List<String> segments = segments(name);
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < segments.size(); i++) {
            path.append(i == 0 ? "" : "/").append(segments.get(i));
            boolean last = i == segments.size() - 1;
            Taken now = new Taken(path.toString(), folder || !last);
            Taken earlier = taken.putIfAbsent(key(path.toString()), now);
            // a folder may be named again and again, by itself and by what it holds
            if (earlier != null && !(earlier.folder() && earlier.equals(now))) {
                throw new Refused(name, "collides with " + shown(earlier.path()));
            }
        }
        return segments;
    }

    private static List<String> segments(String name) throws Refused {
        if (name.isEmpty() || name.length() > LONGEST) {
            throw new Refused(name, "has a name of " + name.length() + " characters");
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
        return segments;
    }

    /** The same for names that Windows or macOS take for one. */
    private static String key(String path) {
        String plain = Normalizer.normalize(path, Normalizer.Form.NFKC);
        return plain.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replaceAll("[. ]+(?=/|$)", "");
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
        String line = name.replaceAll("\\p{Cntrl}", "?");
        return "'" + (line.length() > 200 ? line.substring(0, 200) + "…" : line) + "'";
    }
}
