package dev.metaprompt.tracking;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What must stand in no message: token, password, the pair of user and password, and each in base64; as it is or as an
 * address, JSON or HTML writes it. A server may send back what it was sent.
 */
final class Secrets {
    private static final String MASK = "…";

    /** User and password in any address. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^\\s/\"'<>]*@");

    private static final Map<Integer, String> ENTITIES = Map.of(
            (int) '&', "&amp;",
            (int) '<', "&lt;",
            (int) '>', "&gt;",
            (int) '"', "&quot;",
            (int) '\'', "&apos;");

    private final List<Pattern> patterns = new ArrayList<>();

    Secrets(Optional<String> username, Optional<String> password, Optional<String> token) {
        Set<String> texts = new LinkedHashSet<>();
        if (username.isPresent() && password.isPresent()) {
            String pair = username.get() + ":" + password.get();
            texts.addAll(base64(pair));
            texts.add(pair);
        }
        for (Optional<String> secret : List.of(password, token)) {
            secret.ifPresent(text -> {
                texts.addAll(base64(text));
                texts.add(text);
            });
        }
        texts.forEach(text -> patterns.add(pattern(text)));
    }

    private static List<String> base64(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return List.of(
                Base64.getEncoder().encodeToString(bytes),
                Base64.getEncoder().withoutPadding().encodeToString(bytes),
                Base64.getUrlEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Returns a text without secrets. */
    String masked(String text) {
        String clean = text;
        for (Pattern pattern : patterns) {
            clean = pattern.matcher(clean).replaceAll(MASK);
        }
        return USER_INFO.matcher(clean).replaceAll(MASK + "@");
    }

    /** Each character may be written in its own way. */
    private static Pattern pattern(String secret) {
        StringBuilder pattern = new StringBuilder();
        secret.codePoints().forEach(c -> pattern.append(ways(c)));
        return Pattern.compile(pattern.toString());
    }

    private static String ways(int c) {
        String plain = Character.toString(c);
        StringBuilder percent = new StringBuilder("(?i:");
        for (byte b : plain.getBytes(StandardCharsets.UTF_8)) {
            percent.append(String.format(Locale.ROOT, "%%%02x", b & 0xff));
        }
        StringBuilder json = new StringBuilder("(?i:");
        for (char unit : plain.toCharArray()) {
            json.append(String.format(Locale.ROOT, "\\\\u%04x", (int) unit));
        }
        List<String> ways = new ArrayList<>(List.of(
                Pattern.quote(plain),
                percent + ")",
                json + ")",
                "(?i:&#0*" + c + ";)",
                "(?i:&#x0*" + Integer.toHexString(c) + ";)"));
        if ("\"\\'/".contains(plain)) {
            ways.add(Pattern.quote("\\" + plain));
        }
        if (c == ' ') {
            ways.add("\\+");
        }
        Optional.ofNullable(ENTITIES.get(c)).ifPresent(ways::add);
        return "(?:" + String.join("|", ways) + ")";
    }
}
