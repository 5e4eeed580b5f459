package dev.metaprompt.benchmark;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Reads commands from standard input, one JSON object a line with the command's name as {@code do}, and answers each
 * with one line: how many nanoseconds the work alone took ({@code nanos}) and what came out. Ends with its input.
 */
public final class Server {
    private Server() {}

    /**
     * Serves until the input ends.
     *
     * @param args the model's folder, and a file with a class name a line
     * @throws IOException if the input cannot be read
     */
    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        // Whatever else prints must not come between the answers.
        System.setOut(System.err);
        try (Workplace workplace = new Workplace(Path.of(args[0]), Path.of(args[1]))) {
            serve(workplace, new InputStreamReader(System.in, StandardCharsets.UTF_8), answers);
        }
    }

    static void serve(Workplace workplace, Reader input, PrintStream answers) throws IOException {
        Map<String, BiConsumer<JsonObject, JsonObject>> commands = Map.ofEntries(
                Map.entry("facts", workplace::facts),
                Map.entry("prepare", workplace::prepare),
                Map.entry("open", workplace::open),
                Map.entry("step", workplace::step),
                Map.entry("shut", workplace::shut),
                Map.entry("train", workplace::train),
                Map.entry("decode", workplace::decode),
                Map.entry("resize", workplace::resize),
                Map.entry("encode", workplace::encode),
                Map.entry("encodeFiles", workplace::encodeFiles),
                Map.entry("classifier", workplace::classifier),
                Map.entry("classify", workplace::classify),
                Map.entry("memory", workplace::memory));
        BufferedReader lines = new BufferedReader(input);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonObject command = JsonParser.parseString(line).getAsJsonObject();
            JsonObject answer = new JsonObject();
            commands.get(command.get("do").getAsString()).accept(command, answer);
            answers.println(answer);
            answers.flush();
        }
    }
}
