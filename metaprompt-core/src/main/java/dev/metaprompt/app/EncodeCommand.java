package dev.metaprompt.app;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import com.google.gson.GsonBuilder;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.data.LeftOutFiles;
import dev.metaprompt.feature.FeatureEncoder;
import dev.metaprompt.feature.FeaturePrecision;
import dev.metaprompt.feature.View;
import dev.metaprompt.image.ImageFiles;
import dev.metaprompt.image.ImageWalk;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.io.UserText;
import dev.metaprompt.run.AtomicFiles;
import dev.metaprompt.tensor.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The goal {@code encode}: image and text features as safetensors, with their names as JSON. */
final class EncodeCommand implements Command {
    private static final String SUFFIX = ".safetensors";
    private static final int TEXTS_A_BATCH = 256;
    private static final long LARGEST_TEXTS = 1 << 30;

    @Override
    public void run(CommandContext context) {
        Configuration config = Settings.resolve(context);
        Optional<Path> images = config.path("images");
        Optional<Path> texts = config.path("texts");
        if (images.isEmpty() && texts.isEmpty()) {
            throw new InvalidInputException("neither images nor texts is set. Name a folder with"
                    + " -Dmetaprompt.images=… or a file of lines with -Dmetaprompt.texts=….");
        }
        Path out = out(config);
        List<Path> files =
                images.map(folder -> files(folder, context.progress())).orElse(List.of());
        List<String> lines = texts.map(EncodeCommand::lines).orElse(List.of());
        Compute compute = Compute.of(config);
        try (ClipModel model = ModelOpener.open(config, compute, context.progress());
                NDManager manager = NDManager.newBaseManager(compute.device())) {
            TextLines encoded = new TextLines(model.tokenizer(), config.flag("encode.truncate"));
            int[][] ids = texts.map(file -> encoded.ids(file, lines, context.progress()))
                    .orElse(new int[0][]);
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            Map<String, List<String>> names = new LinkedHashMap<>();
            if (images.isPresent()) {
                Path folder = images.get();
                List<String> paths = files.stream()
                        .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                        .toList();
                tensors.put("image", images(model, manager, folder, paths, context));
                names.put("images", paths);
            }
            if (texts.isPresent()) {
                tensors.put("text", texts(model, manager, ids, context));
                names.put("texts", lines);
            }
            write(out, tensors, names);
        }
        context.result(List.of("encoded " + files.size() + " images and " + lines.size() + " texts: " + out));
    }

    private static Path out(Configuration config) {
        Path out = config.path("out")
                .orElseThrow(() -> new InvalidInputException(
                        "out is not set. Name the file to write, for example -Dmetaprompt.out=features.safetensors."));
        if (!out.getFileName().toString().endsWith(SUFFIX)) {
            throw new InvalidInputException(config.describe("out") + "; a name that ends in " + SUFFIX
                    + " is allowed. Use " + Quoted.of(out.getFileName()) + SUFFIX + ".");
        }
        return out;
    }

    private static List<Path> files(Path folder, Progress progress) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException(
                    "images is " + Quoted.path(folder) + ", which is no folder. Name a folder that holds images.");
        }
        LeftOutFiles leftOut = new LeftOutFiles();
        List<Path> files = ImageFiles.walk(folder, (other, why) -> leaveOut(folder, other, why, leftOut));
        leftOut.tell(folder, progress);
        if (files.isEmpty()) {
            throw new InvalidInputException("images is " + Quoted.path(folder) + ", which holds no images; allowed are "
                    + ImageFiles.FORMATS + " files that are named so. Name a folder that does.");
        }
        return files;
    }

    private static void leaveOut(Path folder, Path file, ImageWalk.Other why, LeftOutFiles leftOut) {
        String below = folder.relativize(file.getParent()).toString();
        String place = below.isEmpty() ? "." : below;
        String name = file.getFileName().toString();
        switch (why) {
            case FILE -> leftOut.file(place, name, false);
            case HIDDEN -> leftOut.file(place, name, true);
            case BROKEN_LINK -> leftOut.brokenLink(place, name);
            case CIRCLE -> leftOut.circle(place);
        }
    }

    private static List<String> lines(Path file) {
        try {
            List<String> lines = UserText.lines(text(file));
            if (lines.isEmpty()) {
                throw new InvalidInputException(
                        "texts is " + Quoted.path(file) + ", which is empty. Write one text a line.");
            }
            return lines;
        } catch (IOException e) {
            throw new InvalidInputException(
                    "texts is " + Quoted.path(file) + ", which cannot be read: " + Quoted.reason(e)
                            + ". Name a text file.",
                    e);
        }
    }

    private static String text(Path file) throws IOException {
        try {
            return UserText.read(file, LARGEST_TEXTS);
        } catch (InvalidInputException e) {
            throw new InvalidInputException("texts: " + e.getMessage(), e);
        }
    }

    private static NDArray images(
            ClipModel model, NDManager manager, Path folder, List<String> paths, CommandContext context) {
        float[] features = new FeatureEncoder(model, folder, FeaturePrecision.FP32)
                .encode(paths, View.centres(paths.size()), context.progress());
        return manager.create(features, new Shape(paths.size(), model.config().projection()));
    }

    private static NDArray texts(ClipModel model, NDManager manager, int[][] ids, CommandContext context) {
        int width = model.config().projection();
        float[] features = new float[ids.length * width];
        for (int start = 0; start < ids.length; start += TEXTS_A_BATCH) {
            int[][] batch = Arrays.copyOfRange(ids, start, Math.min(ids.length, start + TEXTS_A_BATCH));
            try (NDManager scope = manager.newSubManager();
                    NDScope arrays = new NDScope()) {
                arrays.suppressNotUsedWarning();
                float[] rows = model.textEncoder().encode(scope, batch).toFloatArray();
                System.arraycopy(rows, 0, features, start * width, rows.length);
            }
            context.progress().update("texts encoded", start + (long) batch.length, ids.length, "");
        }
        return manager.create(features, new Shape(ids.length, width));
    }

    private static void write(Path out, Map<String, NDArray> tensors, Map<String, List<String>> names) {
        try {
            Files.createDirectories(out.getParent());
        } catch (IOException e) {
            throw new InvalidInputException(
                    "out is " + Quoted.path(out) + "; its folder cannot be created: " + Quoted.reason(e)
                            + ". Name another place.",
                    e);
        }
        String name = out.getFileName().toString();
        Path json = out.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + ".json");
        Safetensors.write(out, tensors, Map.of());
        AtomicFiles.writeText(
                json,
                new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .create()
                                .toJson(names)
                        + "\n");
    }
}
