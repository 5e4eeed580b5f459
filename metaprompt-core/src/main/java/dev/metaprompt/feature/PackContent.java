package dev.metaprompt.feature;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.data.LabeledImage;
import dev.metaprompt.io.Quoted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The JSON by which a pack describes its data set: class names once, and of each image its path and label. */
final class PackContent {
    private static final String WARNINGS = "warnings";
    private static final List<String> LISTS = List.of("train", "val", "test");

    private static final int LONGEST_WARNING = 1000;

    /** A pack may be a stranger's, and each is told by whatever uses it and kept in its record. */
    private static final int MOST_WARNINGS = 100;

    private PackContent() {}

    /** The paths of all images, each once, in the order of a pack's rows: training images first. */
    static List<String> paths(Dataset dataset) {
        return Stream.of(dataset.train(), dataset.val(), dataset.test())
                .flatMap(List::stream)
                .map(LabeledImage::path)
                .distinct()
                .toList();
    }

    /** The paths of training images, each once: the first rows. */
    static List<String> trainPaths(Dataset dataset) {
        return dataset.train().stream().map(LabeledImage::path).distinct().toList();
    }

    static String write(Dataset dataset) {
        JsonObject json = new JsonObject();
        json.addProperty("name", dataset.name());
        json.addProperty("splitName", dataset.splitName());
        json.addProperty("splitSha256", dataset.splitSha256());
        json.addProperty("template", dataset.template());
        if (!dataset.warnings().isEmpty()) {
            // A pack travels: whose folder it was made of is nobody's business.
            String place = dataset.folder().toAbsolutePath().toString();
            JsonArray warnings = new JsonArray();
            dataset.warnings().forEach(line -> warnings.add(line.replace(place, dataset.name())));
            json.add(WARNINGS, warnings);
        }
        Map<Integer, String> classes = new TreeMap<>();
        List<List<LabeledImage>> lists = List.of(dataset.train(), dataset.val(), dataset.test());
        for (int i = 0; i < LISTS.size(); i++) {
            JsonArray images = new JsonArray();
            for (LabeledImage image : lists.get(i)) {
                classes.put(image.label(), image.className());
                images.add(image.path());
                images.add(image.label());
            }
            json.add(LISTS.get(i), images);
        }
        JsonArray names = new JsonArray();
        classes.forEach((label, name) -> {
            names.add(label);
            names.add(name);
        });
        json.add("classes", names);
        return json.toString();
    }

    /** Returns what {@link #write} wrote, or writes now, without what was told of the images: the features are the same. */
    static String withoutWarnings(String text) {
        JsonObject json = JsonParser.parseString(text).getAsJsonObject();
        json.remove(WARNINGS);
        return json.toString();
    }

    /** Reads what {@link #write} wrote; any other text gives a RuntimeException. */
    static Dataset read(String text, Path file) {
        JsonObject json = JsonParser.parseString(text).getAsJsonObject();
        JsonArray names = json.getAsJsonArray("classes");
        Map<Integer, String> classes = new HashMap<>();
        for (int i = 0; i < names.size(); i += 2) {
            classes.put(names.get(i).getAsInt(), text(names.get(i + 1)));
        }
        if (new HashSet<>(classes.values()).size() != names.size() / 2) {
            throw new IllegalArgumentException("a class is named twice");
        }
        List<List<LabeledImage>> lists = LISTS.stream()
                .map(list -> images(json.getAsJsonArray(list), classes))
                .toList();
        if (lists.get(0).isEmpty() || lists.get(2).isEmpty()) {
            throw new IllegalArgumentException("there are no training images or no test images");
        }
        return new Dataset(
                text(json.get("name")),
                file,
                file,
                text(json.get("splitName")),
                text(json.get("splitSha256")),
                text(json.get("template")),
                lists.get(0),
                lists.get(1),
                lists.get(2),
                Optional.empty(),
                warnings(json));
    }

    private static List<String> warnings(JsonObject json) {
        List<String> warnings = new ArrayList<>();
        if (json.has(WARNINGS)) {
            JsonArray lines = json.getAsJsonArray(WARNINGS);
            for (int i = 0; i < Math.min(lines.size(), MOST_WARNINGS); i++) {
                warnings.add(Quoted.of(text(lines.get(i)), LONGEST_WARNING));
            }
            if (lines.size() > MOST_WARNINGS) {
                warnings.add("the feature pack has " + (lines.size() - MOST_WARNINGS) + " more warnings");
            }
        }
        return warnings;
    }

    private static List<LabeledImage> images(JsonArray entries, Map<Integer, String> classes) {
        List<LabeledImage> images = new ArrayList<>();
        for (int i = 0; i < entries.size(); i += 2) {
            String path = text(entries.get(i));
            int label = entries.get(i + 1).getAsInt();
            if (!classes.containsKey(label)) {
                throw new IllegalArgumentException("image " + Quoted.of(path) + " has an unknown class");
            }
            images.add(new LabeledImage(path, label, classes.get(label)));
        }
        return images;
    }

    private static String text(JsonElement element) {
        String text = element.getAsString();
        if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a name is empty or has a line end");
        }
        return text;
    }
}
