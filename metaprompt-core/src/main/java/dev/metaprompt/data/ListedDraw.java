package dev.metaprompt.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The training images that a file lists: a run's {@code run.json} (its {@code dataset.shots}), a JSON object
 * {@code {"class": ["path", …], …}}, or plain text with a path a line. What the file does not say, the images of classes
 * it does not name and the validation images, another draw gives.
 */
final class ListedDraw implements ShotDraw {
    private static final String ALLOWED = "; allowed is a run.json, a JSON object of class names with lists of training"
            + " images, or text with one path a line, relative to the image root: ";

    private static final long LARGEST = 64 << 20;

    private final Path file;
    private final Dataset dataset;
    private final ShotDraw rest;
    private final Map<String, LabeledImage> byPath = new HashMap<>();
    private final Map<String, List<LabeledImage>> listed = new LinkedHashMap<>();
    private final Set<String> seen = new HashSet<>();

    /** Lists below it may be quoted; others may be files that are no lists at all, and nobody's business. */
    private final Path quotedBelow;

    ListedDraw(Path file, Path quotedBelow, Dataset dataset, ShotDraw rest) {
        this.file = file;
        this.quotedBelow = quotedBelow;
        this.dataset = dataset;
        this.rest = rest;
        dataset.train().forEach(image -> byPath.put(image.path(), image));
        String text = read();
        if (text.stripLeading().startsWith("{")) {
            json(text);
        } else {
            lines(text);
        }
        if (listed.isEmpty()) {
            throw bad("names no image", "list the training images");
        }
    }

    private void lines(String text) {
        int number = 0;
        for (String line : UserText.lines(text)) {
            number++;
            if (!line.isBlank()) {
                add(line.strip(), null, "in line " + number);
            }
        }
    }

    private String read() {
        try {
            return UserText.read(file, LARGEST);
        } catch (InvalidInputException e) {
            throw new InvalidInputException("dataset.draw: " + e.getMessage(), e);
        } catch (IOException e) {
            boolean there = Files.isRegularFile(file);
            String found = there
                    ? "which cannot be read (" + Quoted.reason(e) + ")"
                    : Files.exists(file) ? "which is no regular file" : "which does not exist";
            throw new InvalidInputException(
                    "dataset.draw names the file " + Quoted.path(file) + ", " + found
                            + ALLOWED
                            + (there ? "check it." : "correct the path."),
                    e);
        }
    }

    private void json(String text) {
        int number = 0;
        try {
            JsonObject object = JsonParser.parseString(text).getAsJsonObject();
            if (object.get("dataset") instanceof JsonObject of && of.get("shots") instanceof JsonObject shots) {
                object = shots;
            }
            Set<String> classes = new HashSet<>(dataset.classes());
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                String at = "number " + ++number;
                if (!classes.contains(entry.getKey())) {
                    throw bad(
                            "names the class " + shown(entry.getKey(), at) + ", which dataset "
                                    + Quoted.of(dataset.name()) + " has not",
                            "correct the name");
                }
                if (!(entry.getValue() instanceof JsonArray paths)) {
                    throw bad("has no list for class " + Quoted.of(entry.getKey()), "write its images as a list");
                }
                paths.forEach(path -> add(path(entry.getKey(), path), entry.getKey(), "of class " + entry.getKey()));
            }
        } catch (JsonParseException e) {
            throw bad("is not JSON, though it begins with {", "correct the file");
        }
    }

    private String path(String className, JsonElement element) {
        if (element instanceof JsonPrimitive value && value.isString()) {
            return value.getAsString();
        }
        throw bad("holds something other than a path for class " + Quoted.of(className), "write paths in quotes");
    }

    /** Adds an image; {@code className} is null where the file does not say it. */
    private void add(String path, String className, String at) {
        LabeledImage image = byPath.get(path);
        if (image == null) {
            throw bad(
                    "names the image " + shown(path, at) + ", which is no training image of "
                            + Quoted.of(dataset.splitName()),
                    "correct the path, or choose the split that the list was made for");
        }
        if (className != null && !className.equals(image.className())) {
            throw bad(
                    "gives the image " + Quoted.of(path) + " to class " + Quoted.of(className) + ", but it shows "
                            + Quoted.of(image.className()),
                    "correct the class");
        }
        if (!seen.add(path)) {
            throw bad("names the image " + Quoted.of(path) + " twice", "remove one of them");
        }
        listed.computeIfAbsent(image.className(), name -> new ArrayList<>()).add(image);
    }

    private String shown(String text, String place) {
        return Inside.isBelow(file, List.of(quotedBelow)) ? Quoted.of(text) : place;
    }

    private InvalidInputException bad(String found, String advice) {
        return new InvalidInputException("draw file " + Quoted.path(file) + " " + found + ALLOWED + advice + ".");
    }

    @Override
    public Map<String, List<LabeledImage>> train(List<String> classes, int count) {
        ShotDraws.requireShots(count);
        if (classes.stream().noneMatch(listed::containsKey)) {
            return rest.train(classes, count);
        }
        Map<String, List<LabeledImage>> chosen = new LinkedHashMap<>();
        for (String name : classes) {
            List<LabeledImage> images = listed.getOrDefault(name, List.of());
            if (images.size() < count) {
                throw bad(
                        "lists " + images.size() + " of the " + count + " images that class " + Quoted.of(name)
                                + " needs",
                        "add images, or lower -Dmetaprompt.dataset.shots");
            }
            chosen.put(name, List.copyOf(images.subList(0, count)));
        }
        return chosen;
    }

    @Override
    public Map<String, List<LabeledImage>> validation(List<String> classes) {
        return rest.validation(classes);
    }
}
