package dev.metaprompt.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects rows of the table of keys; each kind of row takes what differs. */
class KeyRows {
    private final List<Key> rows = new ArrayList<>();
    private Group group = Group.MAIN;

    /** Puts the rows that follow into a group. */
    final void begin(Group next) {
        group = next;
    }

    final List<Key> rows() {
        return List.copyOf(rows);
    }

    final void integer(String name, long value, long low, long high, String meaning) {
        add(name, Type.INTEGER, value, Allowed.integer(low, high), meaning, false);
    }

    final void number(String name, double value, Allowed allowed, String meaning) {
        add(name, Type.NUMBER, value, allowed, meaning, false);
    }

    final void flag(String name, boolean value, String meaning) {
        add(name, Type.BOOLEAN, value, Allowed.either(), meaning, false);
    }

    final void text(String name, String value, Allowed allowed, String meaning) {
        add(name, Type.TEXT, value, allowed, meaning, false);
    }

    final void optionalText(String name, String allowed, String meaning) {
        text(name, null, Allowed.anyText(allowed), meaning);
    }

    final void names(String name, String meaning) {
        add(name, Type.NAMES, null, Allowed.anyText("class names with commas between them"), meaning, false);
    }

    final void add(String name, Type type, Object value, Allowed allowed, String meaning, boolean bare) {
        rows.add(new Key(name, group, type, Optional.ofNullable(value), allowed, meaning, bare));
    }
}
