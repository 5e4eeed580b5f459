package dev.metaprompt.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Sha256;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.experiment.Cells;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.tracking.FakeMlflow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays whoever sends somebody a run directory, and walks every goal that reads one through it. */
@EnabledOnOs(OS.LINUX)
class HostileRunTest {
    private static final String SECRET = "years of work, and a token";
    private static final String FINISHED = "finished";
    private static final String INTERRUPTED = "interrupted";
    private static final Duration GENEROUS = Duration.ofMinutes(2);
    private static final Map<String, Supplier<Command>> READERS = new LinkedHashMap<>();

    static {
        READERS.put("train", TrainCommand::new);
        READERS.put("evaluate", EvaluateCommand::new);
        READERS.put("replay", ReplayCommand::new);
        READERS.put("report", ReportCommand::new);
        READERS.put("check", CheckCommand::new);
        READERS.put("sync", SyncCommand::new);
    }

    /** A project with one finished run, and one with one that was interrupted, as their own user trained them. */
    @TempDir
    static Path trained;

    @TempDir
    Path folder;

    private Path home;
    private Path project;
    private FakeMlflow ours;
    private HttpServer stranger;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        Files.writeString(home.resolve("thesis"), SECRET);
        ours = new FakeMlflow();
        stranger = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stranger.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        stranger.start();
    }

    @AfterEach
    void stop() {
        ours.close();
        stranger.stop(0);
    }

    private TestContext context(String... more) {
        List<String> options = new ArrayList<>(List.of("cache", "cache", "evaluate.episodes", "2"));
        options.addAll(List.of(more));
        return new TestContext(project, options.toArray(String[]::new));
    }

    private static void train(String name, int epochsUntilInterruption) throws IOException {
        Path place = trained.resolve(name);
        SmallDataset.write(place.resolve("data"));
        TestContext context = new TestContext(
                place,
                "cache",
                "cache",
                "evaluate.episodes",
                "2",
                "dataset",
                "data",
                "way",
                "2",
                "dataset.shots",
                "4",
                "episode.imagesPerClass",
                "4",
                "train.epochs",
                "3",
                "train.iterations",
                "1",
                "augment",
                "none");
        new TrainCommand().run(context.interruptAfter(epochsUntilInterruption));
    }

    @BeforeAll
    static void trainOnce() throws IOException {
        train(FINISHED, Integer.MAX_VALUE);
        train(INTERRUPTED, 2);
    }

    /** Puts a project with a run in the place of what is there. */
    private RunDirectory begin(String name) throws IOException {
        Path from = trained.resolve(name);
        project = folder.resolve("project-" + name);
        PlainFiles.delete(project);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, project.resolve(from.relativize(file).toString()));
            }
        }
        return RunDirectory.newest(project.resolve("runs"));
    }

    /** What lies in the victim's home, links not followed. */
    private Map<String, String> victim() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(home.relativize(file).toString(), Sha256.hex(Files.readAllBytes(file)));
            }
        }
        return all;
    }

    /** Every text that a goal wrote or said, apart from the hostile run's own links. */
    private List<String> leaks(TestContext context, String message) throws IOException {
        List<String> leaks = new ArrayList<>();
        context.phases.stream().filter(line -> line.contains(SECRET)).forEach(leaks::add);
        context.results.stream().filter(line -> line.contains(SECRET)).forEach(leaks::add);
        if (message.contains(SECRET)) {
            leaks.add(message);
        }
        try (Stream<Path> files = Files.walk(project)) {
            for (Path file : files.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(SECRET)) {
                    leaks.add(project.relativize(file).toString());
                }
            }
        }
        if (ours.holds(SECRET)) {
            leaks.add("the tracking server");
        }
        return leaks;
    }

    private void walk(RunDirectory run, String what) throws IOException {
        Map<String, String> before = victim();
        for (Map.Entry<String, Supplier<Command>> reader : READERS.entrySet()) {
            List<String> options = new ArrayList<>(List.of("tracking.uri", ours.uri()));
            if (List.of("train", "evaluate", "replay").contains(reader.getKey())) {
                options.addAll(List.of("run", run.id()));
            }
            if (reader.getKey().equals("check")) {
                options.addAll(List.of("check.minBase", "1"));
            }
            TestContext context = context(options.toArray(String[]::new));
            String message = assertTimeoutPreemptively(
                    GENEROUS, () -> message(reader.getValue().get(), context), what + " " + reader.getKey());
            assertEquals(List.of(), leaks(context, message), what + " " + reader.getKey());
            assertEquals(before, victim(), what + " " + reader.getKey());
        }
        assertEquals(List.of(), asked, "somebody else's server was asked");
    }

    /** Runs a goal; returns the error that it ended with, which must be meant for people. */
    private static String message(Command command, TestContext context) throws Exception {
        try {
            command.run(context);
            return "";
        } catch (InvalidInputException e) {
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            return e.getMessage();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metrics.jsonl",
                "epochs.jsonl",
                "episodes.jsonl",
                "predictions.csv",
                "initial.safetensors",
                "learned.safetensors",
                "contexts.safetensors",
                "report.html",
                "cell.json",
                "tracking.json",
                "tracking.lock",
                ".lock",
                "attempts.jsonl",
                "plots/a.svg"
            })
    void whatALinkLeadsToIsNeitherReadNorWritten(String name) throws IOException {
        for (String state : List.of(INTERRUPTED, FINISHED)) {
            RunDirectory run = begin(state);
            Path link = run.path().resolve(name);
            Files.createDirectories(link.getParent());
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, home.resolve("thesis"));
            walk(run, state + " " + name);
            assertTrue(Files.isSymbolicLink(link) || !name.endsWith("l"), "what is there was set aside by nobody");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint", "plots", "more"})
    void aFolderBehindALinkIsNotEntered(String name) throws Exception {
        RunDirectory run = begin(INTERRUPTED);
        Path link = run.path().resolve(name);
        if (Files.exists(link)) {
            try (Stream<Path> files = Files.list(link)) {
                for (Path file : files.toList()) {
                    Files.move(file, home.resolve(file.getFileName()));
                }
            }
            Files.delete(link);
        }
        Files.writeString(home.resolve("a.svg"), SECRET);
        Files.deleteIfExists(home.resolve("state.safetensors"));
        Files.createSymbolicLink(link, home);
        walk(run, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"metrics.jsonl", "predictions.csv", "cell.json", "tracking.json", ".lock"})
    void nobodyWaitsForAPipe(String name) throws Exception {
        RunDirectory run = begin(FINISHED);
        Path pipe = run.path().resolve(name);
        Files.deleteIfExists(pipe);
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        walk(run, name);
    }

    @Test
    void anUnfinishedRunSendsNothingToItsRecordsServer() throws IOException {
        RunDirectory run = begin(INTERRUPTED);
        edit(
                run,
                Map.of(
                        "tracking.uri",
                        "http://127.0.0.1:" + stranger.getAddress().getPort(),
                        "tracking.experiment",
                        "production",
                        "cache",
                        home.toString(),
                        "runs",
                        home.toString()));
        Map<String, String> before = victim();
        TestContext context = context("run", run.id());
        new TrainCommand().run(context);
        assertTrue(run.isFinished());
        assertEquals(List.of(), asked);
        assertEquals(before, victim());
        assertTrue(
                context.phases.stream().anyMatch(line -> line.contains("which is not taken from its record")),
                context.phases.toString());
    }

    @Test
    void aRecordChoosesNoPictureOfSomebodysHome() throws IOException {
        RunDirectory run = begin(FINISHED);
        Path picture = Files.copy(project.resolve("data/images/banded/banded_0.png"), home.resolve("family.png"));
        String embedded = Base64.getEncoder().encodeToString(Files.readAllBytes(picture));
        name(run, project.resolve("data").toString());
        new ReportCommand().run(context());
        Path page = project.resolve("runs/report.html");
        assertTrue(Files.readString(page).contains("data:image/png"), "the project's own pictures are shown");
        for (String name : List.of("family.png", home + "/family.png", "../../home/family.png")) {
            rename(run, home.toString(), name);
            walk(run, name);
            assertFalse(Files.readString(page).contains(embedded), name);
            assertFalse(Files.readString(run.file(RunDirectory.REPORT)).contains(embedded), name);
        }
    }

    private static void name(RunDirectory run, String dataset) throws IOException {
        Path file = run.file(RunDirectory.RECORD);
        JsonObject record = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        record.getAsJsonObject("dataset").addProperty("path", dataset);
        Files.writeString(file, record.toString());
    }

    /** Lets the record and all predictions name one picture. */
    private static void rename(RunDirectory run, String dataset, String image) throws IOException {
        name(run, dataset);
        Path predictions = run.file(RunDirectory.PREDICTIONS);
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(predictions)) {
            String[] cells = line.split(",");
            cells[1] = lines.isEmpty() ? cells[1] : image;
            lines.add(String.join(",", cells));
        }
        Files.write(predictions, lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer", "dataset.root", "dataset.split", "dataset.draw", "model"})
    void aCellsRunFromElsewhereNamesNoPlaceOfThisMachine(String key) throws IOException {
        RunDirectory run = begin(INTERRUPTED);
        String place = home.resolve("thesis").toString();
        edit(run, Map.of(key, key.equals("dataset.draw") ? "file:" + place : place));
        Cell cell = Cells.cell(0);
        CellRequest request = new CellRequest(
                "test",
                "0".repeat(64),
                List.of(new Assignment("dataset", "data", "m.yaml line 1")),
                cell,
                run.path().toString());
        TestContext machine = context();
        CellContext worker = new CellContext(
                CellOptions.of(request, CellOptions.ofMachine(Settings.withoutModel(machine))),
                project,
                machine.facts(),
                1,
                machine.progress(),
                new Interruption(Duration.ofSeconds(1), () -> {}));
        CellEnd end = new CellCommand(request).run(worker);
        assertEquals(CellEnd.Kind.INVALID, end.kind());
        assertTrue(end.message().contains("a place that is not open to a run's record"), end.message());
        assertFalse(end.message().contains(SECRET), end.message());
    }

    @Test
    void whereARecordLeadsOutOfTheProjectIsSaid() throws IOException {
        RunDirectory run = begin(INTERRUPTED);
        Path elsewhere = Files.move(project.resolve("data"), home.resolve("data"));
        edit(run, Map.of("dataset", elsewhere.toString()));
        TestContext context = context("run", run.id());
        new TrainCommand().run(context);
        assertTrue(run.isFinished(), "its own user may have put it there");
        assertTrue(
                context.phases.stream().anyMatch(line -> line.contains("outside of this project")),
                context.phases.toString());
        TestContext named = context("run", run.id(), "dataset", elsewhere.toString());
        new TrainCommand().run(named);
        assertFalse(named.phases.toString().contains("outside of this project"), named.phases.toString());
    }

    @Test
    void aLinkInTheCacheLeadsNowhere() throws IOException {
        begin(INTERRUPTED);
        Files.writeString(home.resolve("model.safetensors"), SECRET);
        Files.writeString(home.resolve("config.json"), SECRET);
        Map<String, String> before = victim();
        List<String> places = new ArrayList<>();
        try (Stream<Path> models = Files.list(project.resolve("cache/models"));
                Stream<Path> features = Files.list(project.resolve("cache/features"))) {
            Stream.concat(models, features)
                    .filter(Files::isDirectory)
                    .map(place -> project.relativize(place).toString())
                    .forEach(places::add);
        }
        assertTrue(places.size() >= 3, places.toString());
        places.addAll(List.of("cache/models", "cache/features"));
        for (String place : places) {
            RunDirectory run = begin(INTERRUPTED);
            PlainFiles.delete(project.resolve(place));
            Files.createSymbolicLink(project.resolve(place), home);
            TestContext context = context("run", run.id());
            InvalidInputException refused =
                    assertThrows(InvalidInputException.class, () -> new TrainCommand().run(context), place);
            assertTrue(refused.getMessage().contains("link"), refused.getMessage());
            assertEquals(before, victim(), place);
        }
    }

    @Test
    void aRecordsListOfImagesIsNotQuoted() throws IOException {
        RunDirectory run = begin(INTERRUPTED);
        edit(run, Map.of("dataset.draw", "file:" + home.resolve("thesis")));
        InvalidInputException refused =
                assertThrows(InvalidInputException.class, () -> new TrainCommand().run(context("run", run.id())));
        assertFalse(refused.getMessage().contains(SECRET), refused.getMessage());
    }

    /** Changes what the record says of its configuration, as if a user had chosen it. */
    private static void edit(RunDirectory run, Map<String, String> values) throws IOException {
        Path file = run.file(RunDirectory.RECORD);
        JsonObject record = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        values.forEach((key, value) -> {
            record.getAsJsonObject("config").addProperty(key, value);
            record.getAsJsonObject("origins").addProperty(key, "-Dmetaprompt." + key);
        });
        Files.writeString(file, record.toString());
    }
}
