package dev.metaprompt.config;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Quoted;
import java.util.Optional;

/** The texts of this package's errors, each one line. */
final class Messages {
    private Messages() {}

    static InvalidInputException unknownKey(Setting setting) {
        Key nearest = Keys.nearest(Quoted.of(setting.key()));
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
        return new InvalidInputException(Quoted.of(second.key()) + " is given twice, as " + shown(first.value())
                + " and as " + shown(second.value()) + " (" + origins + "). Give it once.");
    }

    static InvalidInputException notHere(Setting setting, String kind) {
        return new InvalidInputException(setting.key() + " is " + shown(setting.value()) + " (" + setting.origin()
                + "), but " + kind + " cannot set it. Set it with -Dmetaprompt." + setting.key()
                + " or in the POM, or leave it out.");
    }

    static InvalidInputException contradiction(Setting setting, Object recorded, String run) {
        return new InvalidInputException(setting.key() + " is " + shown(setting.value()) + " (" + setting.origin()
                + "), but run " + Quoted.of(run) + " was started with " + recorded
                + ". Leave it out to use that run as it is, or start a new run without metaprompt.run.");
    }

    /** {@code label} and {@code found} quote no more of the file than {@link Quoted} does. */
    static InvalidInputException file(String label, String found, String action) {
        return new InvalidInputException(label + ": " + found + ". " + action + ".");
    }

    /** Quotes what a user wrote, shortened and on one line. */
    static String shown(Object value) {
        return value instanceof String text ? "\"" + Quoted.of(text) + "\"" : Quoted.of(value);
    }
}
