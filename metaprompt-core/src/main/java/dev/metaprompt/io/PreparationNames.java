package dev.metaprompt.io;

import java.util.regex.Pattern;

/** Names of files that say, or may say, how a model's images are prepared. */
public final class PreparationNames {
    private static final Pattern NAME = Pattern.compile(
            ".*(preprocess|processor|processing|feature_?extractor|normali[sz]|(?<![a-z])transforms?(?![a-z])).*"
                    + "\\.(json|ya?ml|toml)",
            Pattern.CASE_INSENSITIVE);

    private PreparationNames() {}

    /**
     * Tells whether a file may say how images are prepared. Whoever finds one that it does not understand had better
     * stop than take a default.
     *
     * @param name a file's name, without folders
     * @return true for {@code preprocessor_config.json} and everything that is named alike
     */
    public static boolean matches(String name) {
        return NAME.matcher(name).matches();
    }
}
