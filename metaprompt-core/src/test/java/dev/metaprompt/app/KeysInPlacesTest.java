package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.ConfigurationBuilder;
import dev.metaprompt.config.FromElsewhere;
import dev.metaprompt.config.Key;
import dev.metaprompt.config.Keys;
import dev.metaprompt.config.MatrixFile;
import dev.metaprompt.config.Setting;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.experiment.Comparison;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every key in every place where keys can be set: its value is used, or it is refused by its name. */
class KeysInPlacesTest {
    /** Tried in turn for a value that a key takes and that is not its default. */
    private static final List<String> VALUES = List.of(
            "true",
            "false",
            "3",
            "17",
            "2",
            "0.25",
            "coop",
            "cpu",
            "text-mm",
            "element",
            "text",
            "task",
            "xavier",
            "raw",
            "constant",
            "best-val",
            "none",
            "literal",
            "random",
            "fp16",
            "join",
            "temporal",
            "status",
            "1..3",
            "file:shared",
            "random:3",
            "0.6",
            "a {} of b",
            "other.example:1",
            "gelu",
            "resize-first",
            "other");

    @TempDir
    Path folder;

    private final Map<String, String> values = new LinkedHashMap<>();

    @BeforeEach
    void findValues() throws IOException {
        Files.writeString(folder.resolve("other"), "");
        Files.writeString(folder.resolve("other.yaml"), "seed: 1\n");
        for (Key key : Keys.all()) {
            values.put(
                    key.name(),
                    key.name().equals("config")
                            ? "other.yaml"
                            : VALUES.stream()
                                    .filter(value -> isOther(key, value))
                                    .findFirst()
                                    .orElseThrow(() -> new AssertionError("no value for " + key.name())));
        }
    }

    private boolean isOther(Key key, String value) {
        try {
            Object read = resolved(key, builder().commandLine(key.name(), value, "test"));
            return !Optional.of(read).equals(key.defaultValue());
        } catch (InvalidInputException e) {
            return false;
        }
    }

    private ConfigurationBuilder builder() {
        return Configuration.builder(folder);
    }

    /** New classes need base classes beside them. */
    private static Object resolved(Key key, ConfigurationBuilder builder) {
        if (key.name().equals("dataset.classes.new")) {
            builder.commandLine("dataset.classes.base", "mine", "test");
        }
        return builder.resolve().value(key.name()).orElseThrow();
    }

    private void assertUsed(Key key, Object found, String place) {
        assertEquals(expected(key), found, key.name() + " " + place);
    }

    private Object expected(Key key) {
        return resolved(key, builder().commandLine(key.name(), values.get(key.name()), "test"));
    }

    private static void assertRefused(Key key, Supplier<?> use, String place) {
        String message = assertThrows(InvalidInputException.class, use::get, key.name() + " " + place)
                .getMessage();
        assertTrue(message.contains(key.name()), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void onTheCommandLineAndInThePomAllAreUsed() {
        for (Key key : Keys.all()) {
            String value = values.get(key.name());
            assertUsed(key, resolved(key, builder().commandLine(key.name(), value, "-D")), "typed");
            assertUsed(key, resolved(key, builder().pom(key.name(), value, "<options>")), "in the POM");
        }
    }

    @Test
    void inAConfigurationFileAllAreUsedButThoseThatNameWhatIsRead() throws IOException {
        for (Key key : Keys.all()) {
            Path file = folder.resolve("keys.yaml");
            Files.writeString(file, "\"" + key.name() + "\": \"" + values.get(key.name()) + "\"\n");
            Supplier<Object> use = () -> resolved(key, builder().commandLine("config", "keys.yaml", "-D"));
            if (Set.of("config", "run").contains(key.name())) {
                assertRefused(key, use, "in a configuration file");
            } else {
                assertUsed(key, use.get(), "in a configuration file");
            }
        }
    }

    @Test
    void inAModelsRecommendationTheyAreUsedOrRefused() {
        for (Key key : Keys.all()) {
            Setting setting = new Setting(key.name(), values.get(key.name()), "metaprompt.yaml");
            Supplier<Object> use = () -> resolved(key, builder().recommendation(model -> List.of(setting)));
            if (key.group().recommendable()) {
                assertUsed(key, use.get(), "in a recommendation");
            } else {
                assertRefused(key, use, "in a recommendation");
            }
        }
    }

    @Test
    void inAMatrixTheyReachTheCellOrAreRefused() throws IOException {
        for (Key key : Keys.all()) {
            String value = values.get(key.name());
            Map<String, String> places = Map.of(
                    "settings", "settings:\n  \"" + key.name() + "\": \"" + value + "\"\naxes:\n  variant: {one: {}}\n",
                    "an axis", "axes:\n  \"" + key.name() + "\": [\"" + value + "\"]\n",
                    "a named value", "axes:\n  variant:\n    one: {\"" + key.name() + "\": \"" + value + "\"}\n");
            for (Map.Entry<String, String> place : places.entrySet()) {
                Path file = folder.resolve("matrix.yaml");
                String more = key.name().equals("dataset.classes.new")
                        ? place.getValue().contains("settings:")
                                ? place.getValue().replace("settings:\n", "settings:\n  dataset.classes.base: mine\n")
                                : "settings:\n  dataset.classes.base: mine\n" + place.getValue()
                        : place.getValue();
                Files.writeString(file, more);
                if (FromElsewhere.maySet(key)) {
                    assertUsed(key, inCell(MatrixFile.read(file, "matrix.yaml"), key), "in " + place.getKey());
                } else {
                    assertRefused(key, () -> MatrixFile.read(file, "matrix.yaml"), "in " + place.getKey());
                }
            }
        }
    }

    /** What a cell's process, of a machine about which nothing was said, resolves. */
    private Object inCell(Matrix matrix, Key key) {
        Point point = matrix.points().get(0);
        ConfigurationBuilder builder = builder();
        point.settings().forEach(setting -> builder.pom(setting.key(), setting.value(), setting.origin()));
        List<Assignment> chosen = List.copyOf(
                CellOptions.chosen(builder.resolve(), point.settings()).values());
        ConfigurationBuilder there = builder();
        CellOptions.of(new CellRequest("matrix", "", List.of(), cell(chosen), "run"), List.of())
                .forEach(option -> there.pom(option.key(), option.value(), option.origin()));
        return there.resolve().value(key.name()).orElseThrow();
    }

    private static Cell cell(List<Assignment> settings) {
        return new Cell(0, "0".repeat(64), "cell", "cpu", Map.of(), settings, "", "");
    }

    @Test
    void inAPlanTheyAreUsedOrRefused() {
        TravellingPlaces places = new TravellingPlaces("a plan", folder, List.of(folder), Set.of());
        for (Key key : Keys.all()) {
            Assignment setting = new Assignment(key.name(), values.get(key.name()), "plan");
            for (boolean shared : List.of(true, false)) {
                Plan plan = Plan.of(
                        "p",
                        "",
                        shared ? List.of(setting) : List.of(),
                        new Comparison(Map.of(), List.of()),
                        List.of(cell(shared ? List.of() : List.of(setting))));
                if (FromElsewhere.maySet(key)) {
                    places.check(plan);
                } else {
                    assertRefused(key, () -> checked(places, plan), "in a plan");
                }
            }
        }
    }

    private static Plan checked(TravellingPlaces places, Plan plan) {
        places.check(plan);
        return plan;
    }

    /** A worker says where things are there and how it computes; of the rest it is told that it counts for nothing. */
    @Test
    void ofAWorkerTheyReachItsCellsOrAreNamed() {
        Set<String> itsOwn =
                new TreeSet<>(Set.of("cache", "config", "runs", "threads", "experiment.parallel", "experiment.store"));
        for (Key key : Keys.all()) {
            TestContext context = new TestContext(folder, key.name(), values.get(key.name()));
            if (key.name().equals("dataset.classes.new")) {
                assertEquals(List.of(key.name()), CellOptions.notForWorkers(context));
                continue;
            }
            boolean reaches = CellOptions.ofMachine(Settings.withoutModel(context)).stream()
                    .anyMatch(option -> option.key().equals(key.name()));
            boolean own = itsOwn.contains(key.name()) || key.name().startsWith("temporal.");
            List<String> named = CellOptions.notForWorkers(context);
            assertEquals(reaches || own ? List.of() : List.of(key.name()), named);
        }
    }

    @Test
    void inARecordTheyAreTakenUpOrSaidToBeLeftOut() {
        Set<String> ofNow = Set.of("run", "runs", "config");
        for (Key key : Keys.all()) {
            Map<String, Object> record = new HashMap<>(Map.of(key.name(), expected(key)));
            if (key.name().equals("dataset.classes.new")) {
                record.put("dataset.classes.base", "mine");
            }
            List<String> said = new ArrayList<>();
            Configuration config =
                    builder().notice(said::add).resume("run-1", record, Map.of(key.name(), "-D" + key.name()));
            if (FromElsewhere.maySet(key)) {
                assertUsed(key, config.value(key.name()).orElseThrow(), "in a record");
            } else if (key.group().goals().contains("train") && !ofNow.contains(key.name())) {
                assertTrue(said.toString().contains("-Dmetaprompt." + key.name()), key.name() + ": " + said);
            }
        }
    }

    /** What is given beside a record is used or contradicts it by name; what the record lacks counts as its default. */
    @Test
    void besideARecordTheyAreUsedOrRefused() {
        for (Key key : Keys.all()) {
            if (key.name().equals("dataset.classes.new") || key.name().equals("config")) {
                continue;
            }
            for (Beside way : List.<Beside>of(
                    ConfigurationBuilder::resume, ConfigurationBuilder::evaluate, ConfigurationBuilder::replay)) {
                ConfigurationBuilder given =
                        builder().commandLine(key.name(), values.get(key.name()), "-Dmetaprompt." + key.name());
                try {
                    Configuration config = way.resolve(given, "run-1", Map.of("method", "metaprompt"), Map.of());
                    assertUsed(key, config.value(key.name()).orElseThrow(), "beside a record");
                } catch (InvalidInputException e) {
                    assertTrue(e.getMessage().contains(key.name()), e.getMessage());
                }
                // What was done before there was the key is another value than its default.
                key.defaultValue()
                        .filter(usual -> !key.name().equals("image.colorOrder"))
                        .ifPresent(usual -> assertEquals(
                                usual,
                                way.resolve(
                                                builder().commandLine(key.name(), usual.toString(), "-D"),
                                                "run-1",
                                                Map.of("method", "metaprompt"),
                                                Map.of())
                                        .value(key.name())
                                        .orElseThrow()));
            }
        }
    }

    /** A way to take up a record. */
    private interface Beside {
        Configuration resolve(
                ConfigurationBuilder given, String run, Map<String, Object> values, Map<String, String> origins);
    }

    @Test
    void anExperimentHasNoRunOfItsOwn() {
        TestContext context = new TestContext(folder, "experiment", "smoke", "run", "run-1");
        String message = assertThrows(InvalidInputException.class, () -> new ExperimentCommand().run(context))
                .getMessage();
        assertTrue(message.startsWith("run is run-1 (-Dmetaprompt.run), but each cell"), message);
    }
}
