package dev.metaprompt.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what was written as the value of a key, exactly or not at all. */
final class Values {
    /** No leading zeros: {@code 010} is eight to some and ten to others. */
    private static final Pattern INTEGER = Pattern.compile("[+-]?(0|[1-9]\\d{0,17})");

    private static final Pattern NUMBER = Pattern.compile("[+-]?(0|[1-9]\\d*)?(\\.\\d+|(?<=\\d)\\.)?([eE][+-]?\\d+)?");

    private Values() {}

    /** Returns the value a setting gives a key: a Long, Double, Boolean or String that the key accepts. */
    static Object parse(Key key, Setting setting) {
        return convert(key, setting.value()).filter(key::accepts).orElseThrow(() -> Messages.wrongValue(key, setting));
    }

    private static Optional<Object> convert(Key key, Object written) {
        if (written instanceof List<?> list) {
            return key.type() == Type.NAMES ? names(list) : Optional.empty();
        }
        String text = ((String) written).strip();
        return switch (key.type()) {
            case INTEGER -> integer(text);
            case AUTO_INTEGER -> text.equals("auto") ? Optional.of(text) : integer(text);
            case NUMBER -> number(text);
            case BOOLEAN ->
                text.equals("true") || text.equals("false") ? Optional.of(text.equals("true")) : Optional.empty();
            case TEXT -> text.isEmpty() ? Optional.empty() : Optional.of(text);
            case NAMES -> names(List.of(text.split(",", -1)));
        };
    }

    private static Optional<Object> integer(String text) {
        return INTEGER.matcher(text).matches() ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static Optional<Object> number(String text) {
        boolean number = NUMBER.matcher(text).matches() && text.matches("[+-]?\\.?\\d.*");
        double value = number ? Double.parseDouble(text) : Double.NaN;
        return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
    }

    private static Optional<Object> names(List<?> list) {
        List<String> names = list.stream().map(name -> name.toString().strip()).toList();
        boolean clean = !names.isEmpty() && names.stream().noneMatch(name -> name.isEmpty() || name.contains(","));
        boolean distinct = names.stream().distinct().count() == names.size();
        return clean && distinct ? Optional.of(String.join(",", names)) : Optional.empty();
    }
}
