package dev.metaprompt.fetch;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the environment says about the hub, in the words of Hugging Face's own library.
 *
 * @param endpoint the hub's address without a slash at its end
 * @param token the user's token, never to be shown
 * @param cache Hugging Face's cache, only ever read
 * @param offline whether {@code HF_HUB_OFFLINE} forbids the network
 */
record HubSettings(String endpoint, Optional<String> token, Path cache, boolean offline) {
    private static final long LARGEST = 1 << 16;
    private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");

    /**
     * Reads the environment.
     *
     * @param environment names and values, as {@link System#getenv()} gives them
     * @param cache our own, beside which Hugging Face's is looked for where a user has no home folder
     * @throws InvalidInputException if the endpoint or the token cannot be used
     */
    static HubSettings of(Map<String, String> environment, Path cache) {
        // Java says ? for a user whom the system does not know: not a folder where the goal happens to be started.
        Path home = value(environment, "HOME")
                .or(() -> Optional.of(System.getProperty("user.home")))
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(cache);
        Path caches = value(environment, "XDG_CACHE_HOME")
                .map(text -> path(home, text))
                .orElse(home.resolve(".cache"));
        Path theirs =
                value(environment, "HF_HOME").map(text -> path(home, text)).orElse(caches.resolve("huggingface"));
        Path hub =
                value(environment, "HF_HUB_CACHE").map(text -> path(home, text)).orElse(theirs.resolve("hub"));
        boolean offline = value(environment, "HF_HUB_OFFLINE")
                .map(text -> TRUE.contains(text.toLowerCase(Locale.ROOT)))
                .orElse(false);
        return new HubSettings(endpoint(environment), token(environment, theirs), hub, offline);
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Path path(Path home, String text) {
        return text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
    }

    private static String endpoint(Map<String, String> environment) {
        String text = value(environment, "HF_ENDPOINT").orElse("https://huggingface.co");
        try {
            URI uri = URI.create(text);
            boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null) {
                return text.replaceAll("/+$", "");
            }
        } catch (IllegalArgumentException e) {
            // told below, without the value: it may hold a password
        }
        throw new InvalidInputException(
                "HF_ENDPOINT: is no http or https address. Unset it or give one such as https://huggingface.co.");
    }

    private static Optional<String> token(Map<String, String> environment, Path theirs) {
        Optional<String> token = value(environment, "HF_TOKEN");
        Path file = theirs.resolve("token");
        if (token.isEmpty() && Files.isRegularFile(file)) {
            try {
                token = Optional.of(UserText.read(file, LARGEST).strip()).filter(text -> !text.isEmpty());
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        if (token.isPresent() && !token.get().matches("[\\x21-\\x7e]+")) {
            throw new InvalidInputException("HF_TOKEN (or " + file
                    + "): holds characters that no token has. Set it anew from the hub's settings page.");
        }
        return token;
    }

    /** Shows no token. */
    @Override
    public String toString() {
        return endpoint;
    }
}
