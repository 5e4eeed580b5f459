package dev.metaprompt.plugin;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.plugin.MojoFailureException;

/**
 * The encoding of names. A JVM takes names of files and arguments in the encoding of its locale: in that of {@code C},
 * where continuous integration often is, {@code Café} is no name at all. The child is started in one of UTF-8, whatever
 * Maven runs in; what Maven's own JVM has lost before it cannot be found again, and is refused.
 */
final class Locales {
    private static final String ALL = "LC_ALL";
    private static final String UTF_8 = "C.UTF-8";

    /** Stands where a byte had no meaning in the encoding. */
    private static final char LOST = '\ufffd';

    private final String encoding;
    private final Map<String, String> environment;

    private Locales(String encoding, Map<String, String> environment) {
        this.encoding = encoding;
        this.environment = environment;
    }

    /** That of this JVM. */
    static Locales here() {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        // There names are Unicode for the system, whatever this property says.
        String encoding = windows ? "UTF-8" : System.getProperty("sun.jnu.encoding", "UTF-8");
        return of(encoding, System.getenv());
    }

    /**
     * That of another JVM.
     *
     * @param encoding of its names
     * @param environment it was started with
     */
    static Locales of(String encoding, Map<String, String> environment) {
        return new Locales(encoding, environment);
    }

    /** Completes the child's environment: a locale of UTF-8, unless this one is. */
    void choose(Map<String, String> child) {
        if (!isUtf8()) {
            child.put(ALL, UTF_8);
        }
    }

    /** Returns the encoding in which the launcher of the child reads argument files. */
    static Charset argumentFile() {
        String name = System.getProperty("sun.jnu.encoding");
        return name == null || !here().isUtf8() ? StandardCharsets.UTF_8 : Charset.forName(name);
    }

    /**
     * Refuses options that were typed with characters that this JVM does not know.
     *
     * @param options as gathered
     * @param folder the working directory as this JVM names it
     * @throws MojoFailureException if something is lost; it names the first such option and the locale
     */
    void requireKnown(List<RawOption> options, String folder) throws MojoFailureException {
        if (isUtf8()) {
            return;
        }
        for (RawOption option : options) {
            boolean typed = option.layer().equals("USER");
            if (isLost(option.value()) || typed && !isAscii(option.value())) {
                throw lost("metaprompt." + option.key() + " (from " + option.origin() + ")");
            }
        }
        if (isLost(folder)) {
            throw lost("The path of the working directory");
        }
    }

    /** The fault of a name that this JVM cannot tell, or write. */
    MojoFailureException lost(String what) {
        return new MojoFailureException(what + " has characters that Maven cannot read in its locale ("
                + name() + ", encoding " + encoding + "); allowed there are the letters of ASCII. Set the environment"
                + " variable LC_ALL=" + UTF_8 + ", or another locale of UTF-8, and run Maven again.");
    }

    private String name() {
        Optional<String> decides = Stream.of(ALL, "LC_CTYPE", "LANG")
                .filter(variable -> !environment.getOrDefault(variable, "").isEmpty())
                .findFirst();
        return decides.map(variable -> variable + "=" + environment.get(variable))
                .orElse("none is set");
    }

    private boolean isUtf8() {
        return encoding.equalsIgnoreCase("UTF-8") || encoding.equalsIgnoreCase("UTF8");
    }

    private static boolean isLost(String text) {
        return text != null && text.indexOf(LOST) >= 0;
    }

    private static boolean isAscii(String text) {
        return text == null || text.chars().allMatch(c -> c < 128);
    }
}
