package dev.metaprompt.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The run directories a build has written.
 *
 * @param folder the folder {@code runs}
 */
record Runs(Path folder) {
    static Runs of(MavenBuild build) {
        return new Runs(build.directory().resolve("runs"));
    }

    /** Returns the run directories that have a record, oldest first. */
    List<Path> all() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(run -> Files.exists(run.resolve("run.json")))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the only run. */
    Path only() throws IOException {
        List<Path> all = all();
        if (all.size() != 1) {
            throw new AssertionError("one run expected, found " + all);
        }
        return all.get(0);
    }

    static JsonObject record(Path run) throws IOException {
        return JsonParser.parseString(Files.readString(run.resolve("run.json"))).getAsJsonObject();
    }

    static String status(Path run) throws IOException {
        return record(run).get("status").getAsString();
    }

    static JsonObject config(Path run) throws IOException {
        return record(run).getAsJsonObject("config");
    }

    /** Returns how many optimiser steps the youngest run has logged; 0 before there is one. */
    long steps() throws IOException {
        Optional<Path> youngest = all().stream().reduce((older, younger) -> younger);
        if (youngest.isEmpty()) {
            return 0;
        }
        return steps(youngest.get());
    }

    /** Returns how many optimiser steps a run has logged. */
    static long steps(Path run) throws IOException {
        try (Stream<String> lines = Files.lines(run.resolve("metrics.jsonl"))) {
            return lines.count();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Returns how many attempts computed a cell of an experiment to its end. */
    static long finishes(Path run) throws IOException {
        try (Stream<String> lines = Files.lines(run.resolve("attempts.jsonl"))) {
            return lines.filter(line -> line.contains("\"finished\"")).count();
        }
    }

    /** Compares what two runs have computed. */
    static void assertSame(Path one, Path other, List<String> files) throws IOException {
        for (String file : files) {
            assertArrayEquals(Files.readAllBytes(one.resolve(file)), Files.readAllBytes(other.resolve(file)), file);
        }
    }
}
