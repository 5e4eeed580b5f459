package dev.metaprompt.train;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** One file of lines in a record and in its growing replay, compared line by line, field by field. */
final class LinePair implements AutoCloseable {
    private static final String NOTHING = "nothing";
    private static final String LINE = "a line";

    /** How two numbers of a field are compared. */
    @FunctionalInterface
    interface Numbers {
        void compare(String where, String field, double recorded, double replayed);
    }

    private final String name;
    private final String counter;
    private final WholeLines recorded;
    private final WholeLines replayed;
    private final boolean complete;
    private final Agreement agreement;
    private final Numbers numbers;
    private final Set<String> ignored;
    private long lines;
    private long missing;

    /**
     * Opens a pair.
     *
     * @param name the file's name in both folders
     * @param counter the field that tells lines apart, for messages
     * @param complete whether the record has every line
     * @param ignored fields that a replay need not repeat
     */
    LinePair(
            Path record,
            Path replay,
            String name,
            String counter,
            boolean complete,
            Agreement agreement,
            Numbers numbers,
            Set<String> ignored) {
        this.name = name;
        this.counter = counter;
        this.recorded = new WholeLines(record.resolve(name));
        this.replayed = new WholeLines(replay.resolve(name));
        this.complete = complete;
        this.agreement = agreement;
        this.numbers = numbers;
        this.ignored = ignored;
    }

    /** Compares the lines that the replay has written since. */
    void advance() {
        for (JsonObject mine = replayed.next(); mine != null; mine = replayed.next()) {
            JsonObject theirs = recorded.next();
            if (theirs == null) {
                // A kill may leave one file a line behind the others, never more.
                if (complete || missing > 0) {
                    throw agreement.difference(place(mine), NOTHING, LINE);
                }
                missing++;
            } else {
                compare(place(mine), theirs, mine, name);
                lines++;
            }
        }
    }

    private String place(JsonObject mine) {
        return name + ", line " + (lines + missing + 1) + " (" + counter + " " + mine.get(counter) + ")";
    }

    /** Returns whether the record has lines that the replay has not come to. */
    boolean more() {
        return recorded.peek() != null;
    }

    /** Requires that the record ends where the replay does. */
    void end() {
        advance();
        if (more() || complete && recorded.torn()) {
            String line = more() ? recorded.peek().toString() : "an unfinished line";
            throw agreement.difference(name + ", line " + (lines + 1), line, NOTHING);
        }
    }

    /** Returns how many lines agreed. */
    long lines() {
        return lines;
    }

    private void compare(String where, JsonElement theirs, JsonElement mine, String field) {
        if (theirs instanceof JsonObject a && mine instanceof JsonObject b) {
            Set<String> keys = new LinkedHashSet<>(b.keySet());
            keys.addAll(a.keySet());
            keys.removeAll(ignored);
            for (String key : keys) {
                compare(where + ", " + Quoted.of(key), orNull(a.get(key)), orNull(b.get(key)), key);
            }
        } else if (theirs instanceof JsonArray a && mine instanceof JsonArray b) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                compare(where + "[" + i + "]", a.get(i), b.get(i), field);
            }
            agreement.same(where + ", length", a.size(), b.size());
        } else if (theirs instanceof JsonPrimitive a
                && mine instanceof JsonPrimitive b
                && a.isNumber()
                && b.isNumber()) {
            numbers.compare(where, field, a.getAsDouble(), b.getAsDouble());
        } else {
            agreement.same(where, text(theirs), text(mine));
        }
    }

    private static JsonElement orNull(JsonElement element) {
        return element == null ? JsonNull.INSTANCE : element;
    }

    private static String text(JsonElement element) {
        return element.isJsonNull() ? NOTHING : element.toString();
    }

    @Override
    public void close() {
        recorded.close();
        replayed.close();
    }
}
