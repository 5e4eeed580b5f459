package dev.metaprompt.data.textures;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.Sha256;
import dev.metaprompt.io.Inside;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The benchmark {@code textures} on disk: 47 classes of 40 training, 8 validation and 52 test images as PNG files, in
 * the layout of the Describable Textures Dataset, with a split file in the format of CoOp.
 */
public final class TextureBenchmark {
    /** Rises whenever a pixel of any image changes, so that figures of different versions are never mixed up. */
    public static final int GENERATOR_VERSION = 2;

    /** The version whose split files do not say what made them: records of it know their data by those bytes. */
    private static final int UNNAMED_VERSION = 2;

    /** Training images a class. */
    public static final int TRAIN = 40;

    /** Validation images a class. */
    public static final int VAL = 8;

    /** Test images a class. */
    public static final int TEST = 52;

    /** Name of the split file, in the format of CoOp's {@code split_zhou_DescribableTextures.json}. */
    public static final String SPLIT_FILE = "split_zhou_Textures.json";

    private static final String MARKER = "textures.json";
    private static final long LARGEST = 1 << 26;
    private static final int PER_CLASS = TRAIN + VAL + TEST;

    private TextureBenchmark() {}

    /**
     * Returns the benchmark's folder, rendering it first where it is missing or damaged. Atomic: the folder appears
     * whole or not at all, and several processes may call this at once.
     *
     * @param cache folder that holds the benchmark's folder; made if missing
     * @param generatorSeed seed of all images
     * @param progress hears of the images rendered
     * @return folder with {@code images/<class>/<class>_0001.png} … and the split file
     * @throws InvalidInputException if the cache folder cannot be written
     */
    public static Path prepare(Path cache, long generatorSeed, Progress progress) {
        Path folder =
                Inside.require(cache, "textures-v" + GENERATOR_VERSION + "-seed" + generatorSeed, "the cache folder");
        try {
            Draft.sweep(cache);
            if (isWhole(folder)) {
                return folder;
            }
            Files.createDirectories(cache);
            try (Draft draft = Draft.begin(cache)) {
                render(draft.path(), generatorSeed, progress);
                publish(draft.path(), folder, cache);
            }
            return folder;
        } catch (IOException | UncheckedIOException e) {
            throw new InvalidInputException(
                    "cache folder " + cache + " cannot be written (" + Quoted.reason(e)
                            + "): free some space (60 MB) or name another folder with cache",
                    e);
        }
    }

    private static void publish(Path draft, Path folder, Path cache) throws IOException {
        if (Files.exists(folder) && !isWhole(folder)) {
            try (Draft damaged = Draft.begin(cache)) {
                Files.move(folder, damaged.path().resolve("textures"), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        try {
            Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!isWhole(folder)) { // else another process was faster, with the same bytes
                throw e;
            }
        }
    }

    private static void render(Path draft, long generatorSeed, Progress progress) throws IOException {
        List<String> names = TextureRenderer.classNames();
        TextureRenderer renderer = new TextureRenderer(TextureStyle.BENCHMARK, generatorSeed);
        AtomicLong done = new AtomicLong();
        long total = (long) names.size() * PER_CLASS;
        IntStream.range(0, names.size()).parallel().forEach(label -> {
            try {
                Files.createDirectories(draft.resolve("images").resolve(names.get(label)));
                for (int i = 0; i < PER_CLASS; i++) {
                    byte[] rgb = renderer.render(label, i).rgb();
                    byte[] png = PngFile.encode(rgb, TextureRenderer.SIZE, TextureRenderer.SIZE);
                    Files.write(draft.resolve("images").resolve(path(names.get(label), i)), png);
                    progress.update("textures rendered", done.incrementAndGet(), total, "");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Files.writeString(draft.resolve(SPLIT_FILE), splitJson(names, GENERATOR_VERSION));
        JsonObject marker = new JsonObject();
        marker.addProperty("generatorVersion", GENERATOR_VERSION);
        marker.addProperty("generatorSeed", generatorSeed);
        marker.addProperty("digest", digest(draft));
        Files.writeString(draft.resolve(MARKER), marker + "\n");
    }

    private static String path(String name, int index) {
        return String.format(Locale.ROOT, "%s/%s_%04d.png", name, name, index + 1);
    }

    /** The split file's text: its digest is the data's in records, so the images' version is in it. */
    static String splitJson(List<String> names, int version) {
        Map<String, Object> split = new LinkedHashMap<>();
        if (version != UNNAMED_VERSION) {
            split.put("generatorVersion", version);
        }
        split.put("train", part(names, 0, TRAIN));
        split.put("val", part(names, TRAIN, TRAIN + VAL));
        split.put("test", part(names, TRAIN + VAL, PER_CLASS));
        return new GsonBuilder().setPrettyPrinting().create().toJson(split) + "\n";
    }

    private static List<List<Object>> part(List<String> names, int from, int to) {
        List<List<Object>> items = new ArrayList<>();
        for (int label = 0; label < names.size(); label++) {
            for (int i = from; i < to; i++) {
                items.add(List.of(path(names.get(label), i), label, names.get(label)));
            }
        }
        return items;
    }

    /** Whether the folder holds what its marker says: quick, since only names, sizes and the split file are read. */
    private static boolean isWhole(Path folder) throws IOException {
        Path marker = folder.resolve(MARKER);
        if (!PlainFiles.isThere(marker)) {
            return false;
        }
        try {
            JsonObject json =
                    JsonParser.parseString(PlainFiles.text(marker, LARGEST)).getAsJsonObject();
            return json.get("digest").getAsString().equals(digest(folder));
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            return false;
        }
    }

    /** SHA-256 over the images' names and sizes and the split file's bytes. */
    private static String digest(Path folder) throws IOException {
        MessageDigest sha = Sha256.begin();
        Path images = folder.resolve("images");
        if (!Files.isDirectory(images) || !Files.isRegularFile(folder.resolve(SPLIT_FILE))) {
            return "";
        }
        try (Stream<Path> files = Files.walk(images)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = images.relativize(file).toString().replace('\\', '/');
                sha.update((name + " " + Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        sha.update(PlainFiles.bytesBehindLinks(folder.resolve(SPLIT_FILE), LARGEST));
        return Sha256.hex(sha);
    }
}
