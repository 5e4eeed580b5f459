package dev.metaprompt.tracking;

import dev.metaprompt.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Names of metrics, parameters and tags that every MLflow server since 2.0 takes: at most 250 of ASCII's letters and
 * digits, {@code _ - . / } and space, and a path that is in its simplest form. Those before August 2024 take no colon.
 *
 * <p>In other names each character that is not allowed becomes {@code _}. Where that gives two of them the same name, or
 * one of them the name of another, or where a name is cut, a digest of the whole name is appended.
 */
final class MlflowNames {
    static final int LONGEST = 250;
    private static final int DIGEST = 12;
    private static final Pattern ALLOWED = Pattern.compile("[\\w./ -]+");

    private MlflowNames() {}

    /**
     * Finds names for names.
     *
     * @param names all that belong to one run
     * @return for each its name on a server, no two the same; one that can be used stays
     */
    static Map<String, String> fit(Collection<String> names) {
        Map<String, Integer> wanted = new TreeMap<>();
        names.stream().distinct().forEach(name -> wanted.merge(plain(name), 1, Integer::sum));
        Map<String, String> fit = new LinkedHashMap<>();
        for (String name : names) {
            String plain = plain(name);
            boolean clear = plain.length() <= LONGEST && wanted.get(plain) == 1;
            fit.put(name, plain.equals(name) && plain.length() <= LONGEST || clear ? plain : marked(plain, name));
        }
        return fit;
    }

    private static String plain(String name) {
        if (ALLOWED.matcher(name).matches() && isSimplePath(name)) {
            return name;
        }
        String path = name.replaceAll("[^\\w./ -]", "_").replaceFirst("^\\.\\.", "__");
        // Between slashes: nothing, a dot or two would be taken out of the path.
        return path.replaceAll("(?<=/|^)\\.?(?=/|$)", "_").replaceAll("(?<=/)\\.\\.(?=/|$)", "__");
    }

    private static boolean isSimplePath(String name) {
        return !name.startsWith("..")
                && !Pattern.compile("(/|^)\\.{0,2}(/|$)").matcher(name).find();
    }

    private static String marked(String plain, String name) {
        String digest = "-" + Sha256.hex(name.getBytes(StandardCharsets.UTF_8)).substring(0, DIGEST);
        return plain.substring(0, Math.min(plain.length(), LONGEST - digest.length())) + digest;
    }
}
