package dev.metaprompt.plugin;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Locale;
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

    private final boolean utf8;
    private final String encoding;
    private final Map<String, String> environment;

    private Locales(boolean utf8, String encoding, Map<String, String> environment) {
        this.utf8 = utf8;
        this.encoding = encoding;
        this.environment = environment;
    }

    /** That of this JVM. */
    static Locales here() {
        return of(System.getProperty("os.name"), System.getProperty("sun.jnu.encoding", "UTF-8"), System.getenv());
    }

    /**
     * That of another JVM.
     *
     * @param system its name
     * @param encoding of names, as the JVM says; somebody may have set it, which changes half of what it does
     * @param environment it was started with
     */
    static Locales of(String system, String encoding, Map<String, String> environment) {
        // Elsewhere names are Unicode for the system, whatever the variables say.
        boolean byLocale = !system.startsWith("Windows") && !system.startsWith("Mac");
        boolean utf8 = !byLocale
                || isUtf8(encoding)
                        && isUtf8(variable(environment).map(environment::get).orElse(""));
        return new Locales(utf8, encoding, environment);
    }

    /** Completes the child's environment: a locale of UTF-8, unless this one is. */
    void choose(Map<String, String> child) {
        if (!utf8) {
            child.put(ALL, UTF_8);
        }
    }

    /** Returns the encoding in which the launcher of the child reads argument files. */
    static Charset argumentFile() {
        String name = System.getProperty("sun.jnu.encoding");
        return name == null || !here().utf8 ? StandardCharsets.UTF_8 : Charset.forName(name);
    }

    /**
     * Refuses options that were typed with characters that this JVM does not know.
     *
     * @param options as gathered
     * @param folder the working directory as this JVM names it
     * @throws MojoFailureException if something is lost; it names the first such option and the locale
     */
    void requireKnown(List<RawOption> options, String folder) throws MojoFailureException {
        if (utf8) {
            return;
        }
        for (RawOption option : options) {
            // In the encoding of another language, letters of UTF-8 become other letters.
            boolean doubtful = option.layer().equals("USER") && !isUtf8(encoding) && !isAscii(option.value());
            if (doubtful || isLost(option.value())) {
                throw lost("metaprompt." + option.key() + " (from " + option.origin() + ")");
            }
        }
        if (isLost(folder)) {
            throw lost("The path of the working directory");
        }
    }

    /** Tells whether something failed because the locale has no way to write a name. */
    static boolean isCauseOf(RuntimeException thrown) {
        return thrown instanceof InvalidPathException fault && fault.getReason().startsWith("Malformed input");
    }

    /** The fault of a name that this JVM cannot tell, or write. */
    MojoFailureException lost(String what) {
        return new MojoFailureException(what + " has characters that Maven cannot read in its locale ("
                + name() + ", encoding " + encoding + "); allowed there are the letters of ASCII. Set the environment"
                + " variable LC_ALL=" + UTF_8 + ", or another locale of UTF-8, and run Maven again.");
    }

    private String name() {
        return variable(environment)
                .map(name -> name + "=" + environment.get(name))
                .orElse("no variable sets it");
    }

    /** The variable that decides. */
    private static Optional<String> variable(Map<String, String> environment) {
        return Stream.of(ALL, "LC_CTYPE", "LANG")
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .findFirst();
    }

    /** Tells whether an encoding, or a locale such as {@code de_DE.utf8@euro}, is one of UTF-8. */
    private static boolean isUtf8(String name) {
        return name.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8");
    }

    private static boolean isLost(String text) {
        return text != null && text.indexOf(LOST) >= 0;
    }

    private static boolean isAscii(String text) {
        return text == null || text.chars().allMatch(c -> c < 128);
    }
}
