package dev.metaprompt.config;

import dev.metaprompt.InvalidInputException;
import java.util.Optional;

/** The texts of this package's errors, each one line. */
final class Messages {
    private static final int LONGEST_VALUE = 80;

    private Messages() {}

    static InvalidInputException unknownKey(Setting setting) {
        Key nearest = Keys.nearest(setting.key());
        return new InvalidInputException("Unknown key " + shown(setting.key()) + " with value "
                + shown(setting.value()) + " (" + setting.origin() + "); did you mean " + nearest.name() + " ("
                + nearest.allowed() + ")? docs/options.md lists every key.");
    }

    static InvalidInputException wrongValue(Key key, Setting setting) {
        String found = setting.value().equals("") ? "empty" : shown(setting.value());
        return new InvalidInputException(key.name() + " is " + found + " (" + setting.origin() + "); allowed: "
                + key.allowed() + ". Correct it, or leave it out" + whenLeftOut(key) + ".");
    }

    private static String whenLeftOut(Key key) {
        Optional<Object> value = key.defaultValue();
        return value.map(v -> " for the default, " + v).orElse("");
    }

    static InvalidInputException givenTwice(Setting first, Setting second) {
        String origins =
                first.origin().equals(second.origin()) ? first.origin() : first.origin() + " and " + second.origin();
        return new InvalidInputException(second.key() + " is given twice, as " + shown(first.value()) + " and as "
                + shown(second.value()) + " (" + origins + "). Give it once.");
    }

    static InvalidInputException notHere(Setting setting, String kind) {
        return new InvalidInputException(setting.key() + " is " + shown(setting.value()) + " (" + setting.origin()
                + "), but " + kind + " cannot set it. Set it with -Dmetaprompt." + setting.key()
                + " or in the POM, or leave it out.");
    }

    static InvalidInputException contradiction(Setting setting, Object recorded, String run) {
        return new InvalidInputException(setting.key() + " is " + shown(setting.value()) + " (" + setting.origin()
                + "), but run " + run + " was started with " + recorded
                + ". Leave it out to use that run as it is, or start a new run without metaprompt.run.");
    }

    static InvalidInputException file(String label, String found, String action) {
        return new InvalidInputException(label + ": " + oneLine(found) + ". " + action + ".");
    }

    /** Quotes what a user wrote, shortened and on one line. */
    static String shown(Object value) {
        String text = oneLine(String.valueOf(value));
        String cut = text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text;
        return value instanceof String ? "\"" + cut + "\"" : cut;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*[\\r\\n]+\\s*", " ").strip();
    }
}
