package dev.metaprompt.fuzz;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.RandomStream;
import dev.metaprompt.app.SharedPlaces;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellStore;
import dev.metaprompt.experiment.Cells;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.experiment.Workplace;
import dev.metaprompt.tracking.FakeMlflow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;

/**
 * {@code experiment.json}: read, written again, and taken to the places where experiments are shared, as a worker takes it.
 * Whatever it says, what lies beside their folder, and what lies in it and is not theirs, stays as it was.
 */
class PlanFuzzTest extends FuzzTest {
    private static final String VALID =
            PlanFile.toJson(Cells.plan(Cells.cell(1, "way", "5"), Cells.cell(2, "way", "10", "seed", "3")));
    private static final String NO_ID = "f".repeat(64);
    private static final int MOST_CELLS = 3;
    private static final String WORKPLACE = "workplace";
    private static final String PRECIOUS = "precious";
    private static final String VICTIM = "victim";
    private static final String CELL = "cell-1";
    /** Stands for the folder that the test prepares, whose name is another each time. */
    private static final String HERE = "HERE";

    /** Names of experiments and of cells, most of which lead elsewhere. */
    private static final List<String> NAMES = List.of(
            "test",
            CELL,
            VICTIM,
            HERE + "/" + PRECIOUS,
            HERE + "/" + PRECIOUS + "/" + VICTIM,
            HERE,
            "..",
            ".",
            "",
            "../" + PRECIOUS,
            "../../root/" + PRECIOUS,
            "a/../../" + PRECIOUS,
            "foreign",
            "planted",
            "link",
            "link/" + VICTIM,
            "link-cell",
            "..\\" + PRECIOUS,
            "../" + PRECIOUS + "/" + VICTIM,
            "a\u0000b",
            "a\nb",
            "\u202e",
            ".plans",
            ".store",
            "CON",
            "c:" + PRECIOUS,
            "~",
            "x".repeat(300),
            "y/".repeat(200));

    private FakeMlflow server;
    private List<Workplace> places;
    private Path root;
    private Map<String, String> before;

    @Override
    String fileName() {
        return PlanFile.NAME;
    }

    /** Each input is taken to two places, one of them a server. */
    @Override
    double weight() {
        return 0.4;
    }

    @Override
    void prepare(Path folder) throws Exception {
        super.prepare(folder);
        root = folder;
        Path workplace = Files.createDirectories(root.resolve(WORKPLACE));
        for (Path victim : List.of(
                root.resolve(PRECIOUS).resolve(VICTIM),
                root.resolve(PRECIOUS).resolve(CELL),
                // somebody's folders that no experiment of ours ever wrote to
                workplace.resolve("foreign").resolve(CELL),
                workplace.resolve(VICTIM).resolve(VICTIM))) {
            Files.createDirectories(victim.resolve("deep"));
            Files.writeString(victim.resolve("kept.txt"), "kept");
            Files.writeString(victim.resolve("deep/kept.txt"), "kept");
        }
        Files.createDirectories(workplace.resolve("planted"));
        Files.createDirectories(workplace.resolve("test"));
        Files.createSymbolicLink(workplace.resolve("link"), root.resolve(PRECIOUS));
        Files.createSymbolicLink(workplace.resolve("planted/.plans"), root.resolve(PRECIOUS));
        Files.createSymbolicLink(workplace.resolve("planted").resolve(CELL), Path.of("..", "..", PRECIOUS, VICTIM));
        Files.createSymbolicLink(workplace.resolve("test/link-cell"), Path.of("..", "..", PRECIOUS, VICTIM));
        before = contents();
        server = new FakeMlflow();
        places = SharedPlaces.of(workplace, server.server());
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    List<byte[]> seeds() {
        return List.of(VALID.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    Optional<byte[]> generate(RandomStream random) {
        String text =
                switch (random.nextInt(4)) {
                    case 0 -> new JsonTrees(random).damaged(VALID);
                    case 1 -> wellFormed(random);
                    default -> renamed(random);
                };
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String name(RandomStream random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    /** Other names in a valid text, and sometimes another id. */
    private static String renamed(RandomStream random) {
        JsonObject json = JsonParser.parseString(VALID).getAsJsonObject();
        int what = random.nextInt(8);
        if (what != 0) {
            json.addProperty("name", name(random));
        }
        if (what < 4) {
            JsonObject cell = json.getAsJsonArray("cells").get(0).getAsJsonObject();
            cell.addProperty("folder", name(random));
        }
        if (what == 7) {
            json.addProperty("id", name(random));
        }
        return json.toString();
    }

    /** A plan that is in order, though its names meet links and other people's folders; a valid text if it cannot be. */
    private static String wellFormed(RandomStream random) {
        Cell cell = Cells.cell(1, "way", "5");
        try {
            return PlanFile.toJson(Cells.plan(
                    name(random),
                    new Cell(
                            cell.number(),
                            cell.id(),
                            name(random),
                            cell.queue(),
                            cell.coordinates(),
                            cell.settings())));
        } catch (IllegalArgumentException | InvalidInputException e) {
            return VALID;
        }
    }

    /** Names the prepared folder where the input stands for it. */
    private String placed(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (text.contains(HERE)) {
            text = text.replace(HERE, root.toString());
            Files.writeString(file, text, StandardCharsets.ISO_8859_1);
        }
        return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    void read(Path file) throws IOException {
        String text = placed(file);
        try {
            String name = member(text, "name").orElse("test");
            String id = member(text, "id").orElse(NO_ID);
            places.forEach(place -> attempt(() -> place.plan(name, id)));
            Plan plan = PlanFile.read(file.getParent());
            PlanFile.toJson(plan);
            places.forEach(place -> work(place, plan));
        } finally {
            requireUntouched();
        }
    }

    /** What a text says, even where it is no plan: names come to a worker without one, too. */
    private static Optional<String> member(String text, String key) {
        try {
            return Optional.of(
                    JsonParser.parseString(text).getAsJsonObject().get(key).getAsString());
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.empty();
        }
    }

    private void work(Workplace place, Plan plan) {
        attempt(() -> SharedPlaces.submit(place, plan));
        attempt(() -> place.plan(plan.name(), plan.id()));
        attempt(() -> {
            CellStore store = place.store(plan);
            plan.cells().stream().limit(MOST_CELLS).forEach(cell -> {
                attempt(() -> requireBelow(store.folder(cell), cell));
                attempt(() -> store.fetch(cell));
            });
        });
    }

    private void requireBelow(Path folder, Cell cell) {
        Path workplace = root.resolve(WORKPLACE);
        Path plain = folder.toAbsolutePath().normalize();
        if (!plain.startsWith(workplace) || workplace.relativize(plain).getNameCount() != 2) {
            throw new AssertionError("cell " + cell.number() + " lies at " + folder);
        }
    }

    /** Does something that may be refused, in one line. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (InvalidInputException e) {
            if (e.getMessage().lines().count() != 1) {
                throw new AssertionError("refused in more than one line: " + e.getMessage(), e);
            }
        }
    }

    /** Holds that everything is as it was, and deletes what has come below a name in the workplace. */
    private void requireUntouched() throws IOException {
        Map<String, String> after = contents();
        before.forEach((path, content) -> {
            if (!content.equals(after.get(path))) {
                throw new AssertionError(path + " was " + content + ", is " + after.get(path));
            }
        });
        List<String> come = new ArrayList<>(new TreeSet<>(after.keySet()).descendingSet());
        come.removeAll(before.keySet());
        for (String path : come) {
            if (!path.startsWith(WORKPLACE + "/") || after.get(path).startsWith("link ")) {
                throw new AssertionError(path + " has come: " + after.get(path));
            }
        }
        for (String path : come) {
            Files.delete(root.resolve(path));
        }
    }

    /** What lies in the prepared folder beside the input, following no link. */
    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new LinkedHashMap<>();
        try (var paths = Files.walk(root)) {
            for (Path path : paths.toList()) {
                String name = root.relativize(path).toString().replace('\\', '/');
                if (name.isEmpty() || name.equals(fileName())) {
                    continue;
                }
                if (Files.isSymbolicLink(path)) {
                    contents.put(name, "link " + Files.readSymbolicLink(path));
                } else if (Files.isDirectory(path)) {
                    contents.put(name, "folder");
                } else {
                    contents.put(name, "file " + Files.readString(path, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return contents;
    }
}
