package dev.metaprompt.fuzz;

import dev.metaprompt.RandomStream;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.Key;
import dev.metaprompt.config.Keys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Configuration files in YAML, resolved to a configuration. */
class YamlFuzzTest extends FuzzTest {
    private static final List<String> VALUES = List.of(
            "5",
            "-1",
            "1e999",
            "auto",
            "on",
            "true",
            "\"text\"",
            "'a'",
            "[a, b]",
            "[]",
            "{}",
            "{a: b}",
            "null",
            "~",
            "|\n  x\n  y",
            "&a x",
            "*a",
            "!!int 5",
            "!!java.net.URL [a]",
            "cosine",
            "0.1",
            "views:4",
            "2026-01-01",
            "a: b",
            "%",
            "@",
            "\"\\ud800\"",
            "? x",
            "- x",
            "[[a]]",
            "\"\\x00\"");

    @Override
    String fileName() {
        return "input.yaml";
    }

    @Override
    List<byte[]> seeds() {
        return List.of(
                bytes("way: 5\nshot: 2\ntrain:\n  epochs: 10\n  learningRate: 0.1\naugment: views:4\n"),
                bytes("# comment\nmethod: coop\ndataset.shots: 8\nprompt: {length: 4, init: \"a photo of a\"}\n"),
                bytes(""));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        List<Key> keys = Keys.all();
        StringBuilder text = new StringBuilder();
        int lines = random.nextInt(6);
        for (int i = 0; i < lines; i++) {
            String key = keys.get(random.nextInt(keys.size())).name();
            String value = VALUES.get(random.nextInt(VALUES.size()));
            if (random.nextInt(3) == 0 && key.contains(".")) {
                key = key.replace(".", ":\n  ");
                value = value.replace("\n", "\n  ");
            }
            text.append(key).append(": ").append(value).append('\n');
        }
        if (random.nextInt(20) == 0) {
            text.append("way: ").append("[".repeat(1 << random.nextInt(14)));
        }
        if (random.nextInt(20) == 0) {
            text.append("a: ").append("{b: ".repeat(1 << random.nextInt(14)));
        }
        return Optional.of(bytes(text.toString()));
    }

    @Override
    void read(Path file) {
        Configuration.builder(file.getParent())
                .commandLine("config", fileName(), "-Dmetaprompt.config")
                .resolve();
    }
}
