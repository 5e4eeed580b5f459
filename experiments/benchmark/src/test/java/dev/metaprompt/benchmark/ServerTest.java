package dev.metaprompt.benchmark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.RandomStream;
import dev.metaprompt.clip.Models;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command on the embedded model. */
class ServerTest {
    private static final Gson GSON = new Gson();
    private static final int CLASSES = 6;

    @TempDir
    Path folder;

    private static WorkSpec spec(String kind) {
        return new WorkSpec(kind, kind, CLASSES, 4, 4, 2, 3, 1, 2, 8, 3, 2, 2);
    }

    private JsonObject command(String name) {
        JsonObject command = new JsonObject();
        command.addProperty("do", name);
        command.addProperty("folder", folder.toString());
        return command;
    }

    private JsonObject command(String name, WorkSpec spec) {
        JsonObject command = command(name);
        command.add("spec", GSON.toJsonTree(spec));
        command.addProperty("id", spec.id());
        return command;
    }

    private List<JsonObject> answers(JsonObject... commands) throws IOException {
        Path names = folder.resolve("names.txt");
        Files.write(
                names,
                IntStream.range(0, 2 * CLASSES)
                        .mapToObj(i -> "dots " + "abcdefghijkl".charAt(i))
                        .toList());
        Path model = Models.find(Models.NANO_CLIP, folder, folder).path();
        StringBuilder lines = new StringBuilder();
        Arrays.stream(commands).forEach(command -> lines.append(command).append('\n'));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Workplace workplace = new Workplace(model, names)) {
            Server.serve(
                    workplace, new StringReader(lines.toString()), new PrintStream(out, true, StandardCharsets.UTF_8));
        }
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private JsonArray photographs(int count) throws IOException {
        JsonArray files = new JsonArray();
        for (int n = 0; n < count; n++) {
            BufferedImage image = new BufferedImage(90, 60, BufferedImage.TYPE_INT_RGB);
            RandomStream random = RandomStream.of(n, "photograph");
            for (int i = 0; i < 90 * 60; i++) {
                image.setRGB(i % 90, i / 90, random.nextInt(1 << 24));
            }
            Path file = folder.resolve("photograph-" + n + ".png");
            ImageIO.write(image, "png", file.toFile());
            files.add(file.toString());
        }
        return files;
    }

    @Test
    void stepsFollowThePlanAndGoOnFromWhatTheyChanged() throws IOException {
        for (String kind : List.of(WorkSpec.TEXT, "meta")) {
            WorkSpec spec = spec(kind);
            JsonObject step = command("step", spec);
            List<JsonObject> answers = answers(
                    command("prepare", spec),
                    command("open", spec),
                    step,
                    step,
                    command("shut", spec),
                    command("open", spec),
                    step);
            double first = answers.get(2).get("loss").getAsDouble();
            assertNotEquals(first, answers.get(3).get("loss").getAsDouble(), kind);
            assertEquals(first, answers.get(6).get("loss").getAsDouble(), kind);
            assertTrue(
                    answers.get(3).get("moved").getAsDouble()
                            > answers.get(2).get("moved").getAsDouble(),
                    kind);
            assertTrue(answers.get(2).get("nanos").getAsLong() > 0, kind);
            JsonArray plan = JsonParser.parseString(Files.readString(folder.resolve("plan.json")))
                    .getAsJsonArray();
            assertEquals(spec.epochs() * spec.iterations(), plan.size());
        }
    }

    @Test
    void aWholeTrainingEndsWithTheLossOfItsLastEpoch() throws IOException {
        WorkSpec spec = spec("meta");
        Path run = Files.createDirectory(folder.resolve("run"));
        JsonObject train = command("train", spec);
        train.addProperty("run", run.toString());
        JsonObject trained = answers(command("prepare", spec), train).get(1);
        List<String> epochs = Files.readAllLines(run.resolve("epochs.jsonl"));
        assertEquals(spec.epochs() + 1, epochs.size());
        JsonObject last = JsonParser.parseString(epochs.get(spec.epochs())).getAsJsonObject();
        assertEquals(last.get("loss").getAsDouble(), trained.get("loss").getAsDouble());
        assertTrue(Files.exists(run.resolve("learned.safetensors")));
    }

    @Test
    void photographsGiveTheSameFeaturesWhetherDecodedBeforeOrWithin() throws IOException {
        JsonObject decode = command("decode");
        JsonArray files = photographs(3);
        decode.add("files", files);
        decode.addProperty("batch", 2);
        JsonObject encodeFiles = command("encodeFiles");
        encodeFiles.add("files", files);
        List<JsonObject> answers = answers(decode, command("resize"), command("encode"), encodeFiles);
        assertTrue(answers.get(1).get("sum").getAsLong() != 0);
        // Batches of other sizes add up in another order.
        assertArrayEquals(feature(answers.get(2)), feature(answers.get(3)), 1e-4f);
    }

    private static float[] feature(JsonObject answer) {
        return GSON.fromJson(answer.get("feature"), float[].class);
    }

    @Test
    void onlyTheMultimodalPathReadsMoreThanThePrompt() throws IOException {
        WorkSpec spec = spec("meta");
        List<JsonObject> commands = new ArrayList<>(List.of(command("prepare", spec)));
        for (String way : List.of("clip", "prompt", "multimodal")) {
            JsonObject classifier = command("classifier", spec);
            JsonObject classify = command("classify");
            classifier.addProperty("way", way);
            classify.addProperty("way", way);
            classify.add("files", photographs(3));
            commands.addAll(List.of(classifier, classify));
        }
        List<JsonObject> answers = answers(commands.toArray(JsonObject[]::new));
        long clip = answers.get(1).get("parameters").getAsLong();
        long prompt = answers.get(3).get("parameters").getAsLong();
        assertEquals(4 * 96, prompt - clip);
        assertTrue(answers.get(5).get("parameters").getAsLong() > prompt + 128 * 128);
        for (int answer : new int[] {2, 4, 6}) {
            assertEquals(3, answers.get(answer).getAsJsonArray("classes").size());
        }
    }
}
