package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.ModelReading;
import dev.metaprompt.Progress;
import dev.metaprompt.Warnings;
import dev.metaprompt.clip.ClipConfig;
import dev.metaprompt.clip.ModelFolder;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.ConfigurationBuilder;
import dev.metaprompt.config.CrossChecks;
import dev.metaprompt.config.Setting;
import dev.metaprompt.data.ClassSplit;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.Point;
import dev.metaprompt.feature.FeaturePack;
import dev.metaprompt.feature.ImageContents;
import dev.metaprompt.image.ColorOrder;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns a matrix into a plan: resolves and checks every cell's configuration, before anything is computed. */
final class ExperimentPlanner {
    private static final List<String> DATA_KEYS = List.of(
            "dataset",
            "dataset.split",
            "dataset.root",
            "dataset.seed",
            "dataset.classSplit",
            "dataset.classes.base",
            "dataset.classes.new");

    /** How many cells a warning names that compute what another does. */
    private static final int NAMED_REPEATS = 3;

    private final CommandContext context;
    private final Progress progress;
    private final Map<String, List<Setting>> recommendations = new HashMap<>();
    private final Map<List<String>, KnownModel> models = new HashMap<>();
    private final Map<Path, String> tokenizers = new HashMap<>();
    private final Map<Path, String> draws = new HashMap<>();
    private final Map<List<Object>, Known> data = new HashMap<>();
    private final Map<List<Object>, String> contents = new HashMap<>();

    ExperimentPlanner(CommandContext context) {
        this.context = context;
        this.progress = new Warnings(context.progress());
    }

    /** A cell before what all cells share is taken out of it. */
    private record Draft(
            String id,
            String folder,
            String queue,
            Map<String, String> coordinates,
            Map<String, Assignment> chosen,
            String content,
            String reading,
            String whatIsRead) {}

    /** A model that cells share, and what is read from its files beside the weights. */
    private record KnownModel(String sha256, Optional<String> activation, boolean tellsActivation, String reading) {}

    /** A data set that cells share. */
    private record Known(
            CellIdentity.Data data,
            Dataset dataset,
            ClassSplit split,
            Optional<FeaturePack> pack,
            ImageContents contents) {}

    /** Plans what is only to be shown: images are not read. */
    Plan plan(Matrix matrix) {
        return plan(matrix, false);
    }

    /** Plans what is to be computed: cells know what their images hold, which are read once however many cells. */
    Plan planWithContents(Matrix matrix) {
        return plan(matrix, true);
    }

    private Plan plan(Matrix matrix, boolean withContents) {
        List<Point> points = matrix.points();
        Path folder = ExperimentFolder.of(Settings.withoutModel(context), matrix.name());
        List<Draft> drafts = new ArrayList<>(points.size());
        EarlierPlan earlier = EarlierPlan.of(folder);
        for (Point point : points) {
            progress.update("cells checked", drafts.size(), points.size(), "");
            drafts.add(draft(point, earlier, withContents));
        }
        tellOrder(matrix, drafts);
        refuseDuplicates(matrix, drafts);
        tellRepeats(matrix, drafts);
        List<Assignment> shared = shared(drafts);
        List<Cell> cells = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            cells.add(new Cell(
                    cells.size(),
                    draft.id(),
                    draft.folder(),
                    draft.queue(),
                    draft.coordinates(),
                    own(draft, shared),
                    draft.content(),
                    draft.reading()));
        }
        return Plan.of(matrix.name(), matrix.title(), shared, matrix.compare(), cells);
    }

    private void tellOrder(Matrix matrix, List<Draft> drafts) {
        boolean older = drafts.stream()
                .map(draft -> draft.chosen().get(ColorOrders.KEY).origin())
                .anyMatch(ColorOrders.OLDER_PLAN::equals);
        if (older) {
            progress.phase(
                    "experiment " + matrix.name() + " was planned by an earlier version and goes on in that one's order"
                            + " of colour conversion, " + ColorOrders.KEY + "=" + ColorOrder.RESIZE_FIRST.word()
                            + "; for images other than RGB and grey it makes a difference");
        }
    }

    private Draft draft(Point point, EarlierPlan earlier, boolean withContents) {
        Configuration asked = resolve(point);
        Known known = data(asked);
        Configuration config = withActivation(inOrder(asked, known, earlier), earlier);
        CellIdentity.Data cellData = known.data();
        if (config.text("method").equals("metaprompt")) {
            CrossChecks.checkWay(config, cellData.base().size());
        }
        boolean threads = CellOptions.isOf(point.settings(), "threads", config);
        Configuration identified = threads ? config : config.with("threads", "auto", "default");
        String id = id(identified, known, earlier);
        return new Draft(
                id,
                CellOptions.folder(config, cellData, id),
                CellOptions.queue(config),
                point.coordinates(),
                chosen(config, point),
                withContents ? content(config, known) : "",
                model(config).reading(),
                CellIdentity.ofWhatIsRead(identified, digests(config), cellData));
    }

    // A pack has its order. An experiment whose plan is of a version that knew one order goes on in that.
    private static Configuration inOrder(Configuration asked, Known known, EarlierPlan earlier) {
        Configuration config = ColorOrders.with(known.pack(), asked);
        boolean goesOn = earlier.isOlder() && known.pack().isEmpty() && !ColorOrders.isDecided(config);
        return goesOn ? ColorOrders.with(ColorOrder.RESIZE_FIRST, ColorOrders.OLDER_PLAN, config) : config;
    }

    // Earlier versions took one activation of a file that does not tell its own.
    private Configuration withActivation(Configuration config, EarlierPlan earlier) {
        if (!earlier.isOlder() || config.value(Activations.KEY).isPresent()) {
            return config;
        }
        Configuration taken = Activations.ofPlan(config);
        return model(taken).tellsActivation() ? config : taken;
    }

    private Map<String, Assignment> chosen(Configuration config, Point point) {
        Map<String, Assignment> chosen = CellOptions.chosen(config, point.settings());
        Activations.toSay(config, model(config).activation())
                .map(value -> new Assignment(Activations.KEY, value, Activations.OF_MODEL))
                .ifPresent(setting -> chosen.put(setting.key(), setting));
        return chosen;
    }

    private String content(Configuration config, Known known) {
        List<Object> key = List.of(
                dataKey(config),
                config.text("dataset.draw"),
                config.integer("dataset.shots"),
                config.seed(),
                ColorOrders.of(config));
        return contents.computeIfAbsent(key, any -> content(known, config));
    }

    private String content(Known known, Configuration config) {
        try {
            DataPlan images = DataPlan.of(
                    known.dataset(),
                    known.split(),
                    config.integer("dataset.shots"),
                    DatasetFinder.draw(config, known.dataset()));
            return DataContent.of(images, known.contents(), ColorOrders.of(config), progress)
                    .all();
        } catch (InvalidInputException e) {
            // The cell says so itself, and the others are computed.
            return "";
        }
    }

    private Configuration resolve(Point point) {
        ConfigurationBuilder builder = Settings.plain(context);
        point.settings().forEach(setting -> builder.pom(setting.key(), setting.value(), setting.origin()));
        return builder.recommendation(this::recommended).resolve();
    }

    private List<Setting> recommended(String model) {
        return recommendations.computeIfAbsent(
                model, name -> ModelFinder.recommendations(name, Settings.withoutModel(context)));
    }

    private KnownModel model(Configuration config) {
        List<String> key = List.of(
                config.text("model"),
                config.optional(Activations.KEY).orElse(""),
                String.valueOf(Activations.isTaken(config)));
        return models.computeIfAbsent(key, any -> {
            ModelFolder folder = ModelFinder.find(config, progress);
            ModelFolder.Description described = folder.described();
            Optional<String> activation = described.config().activation().map(ClipConfig.Activation::option);
            return new KnownModel(folder.sha256(), activation, folder.tellsActivation(), described.reading());
        });
    }

    // What an older version has begun under its name of the cell goes on under it.
    private String id(Configuration config, Known known, EarlierPlan earlier) {
        CellIdentity.Contents digests = digests(config);
        CellIdentity.Data cellData = known.data();
        tellOfOlder(config, known, earlier);
        tellOfOtherReading(config, known, earlier);
        return CellIdentity.ofOlderVersions(config, digests, cellData).stream()
                .filter(before -> earlier.goesOn(config, before, CellOptions.folder(config, cellData, before)))
                .findFirst()
                .orElseGet(() -> CellIdentity.of(config, digests, cellData));
    }

    // What was computed without images that count now stays where it is, and is another cell's.
    private void tellOfOlder(Configuration config, Known known, EarlierPlan earlier) {
        known.dataset()
                .olderSplitSha256()
                .map(known.data()::withSplit)
                .map(before -> CellOptions.folder(config, before, CellIdentity.of(config, digests(config), before)))
                .filter(earlier::hasFolder)
                .ifPresent(before -> progress.phase("warning: cell " + before + " was computed or begun by a version"
                        + " that left out WebP files and images in subfolders of class folders; they count now, so"
                        + " the cell is computed anew beside it"));
    }

    // So does what was computed by a version that did not heed all of the model's files.
    private void tellOfOtherReading(Configuration config, Known known, EarlierPlan earlier) {
        if (!ModelReading.isAnew(model(config).reading())) {
            return;
        }
        CellIdentity.Contents before = digests(config).asOlderVersionsRead();
        Stream.concat(
                        Stream.of(CellIdentity.of(config, before, known.data())),
                        CellIdentity.ofOlderVersions(config, before, known.data()).stream())
                .map(id -> CellOptions.folder(config, known.data(), id))
                .filter(earlier::hasFolder)
                .forEach(folder -> progress.phase("warning: cell " + folder + " was computed or begun by a version that"
                        + " read the configuration or preprocessing files of model "
                        + Quoted.of(config.text("model"))
                        + " otherwise, so the cell is computed anew beside it"));
    }

    private CellIdentity.Contents digests(Configuration config) {
        KnownModel model = model(config);
        return new CellIdentity.Contents(model.sha256(), () -> tokenizer(config), draw(config), model.reading());
    }

    // A matrix reads a list once, whatever the number of its cells.
    private Optional<String> draw(Configuration config) {
        return CellIdentity.drawPath(config)
                .map(list -> draws.computeIfAbsent(
                        list, any -> CellIdentity.drawDigest(config).orElseThrow()));
    }

    private String tokenizer(Configuration config) {
        return tokenizers.computeIfAbsent(config.path("tokenizer").orElseThrow(), Tokenizer::sha256);
    }

    private static List<Object> dataKey(Configuration config) {
        return DATA_KEYS.stream().map(name -> config.value(name).orElse("")).collect(Collectors.toList());
    }

    private Known data(Configuration config) {
        List<Object> key = dataKey(config);
        Known known = data.get(key);
        if (known == null) {
            Optional<FeaturePack> pack = FeatureAccess.pack(config);
            Dataset dataset = pack.map(FeaturePack::dataset)
                    .orElseGet(() -> DatasetFinder.open(config, Settings.cache(config), progress));
            ClassSplit split = DatasetFinder.classSplit(config, dataset);
            ImageContents images = pack.map(ImageContents.class::cast)
                    .orElseGet(() -> ImageContents.ofFiles(Settings.cache(config), dataset.imageRoot(), progress));
            known = new Known(
                    CellIdentity.Data.of(dataset, split), dataset, split, pack, DataContent.remembering(images));
            data.put(key, known);
        }
        return known;
    }

    private static void refuseDuplicates(Matrix matrix, List<Draft> drafts) {
        Map<String, Draft> byId = new HashMap<>();
        for (Draft draft : drafts) {
            Draft earlier = byId.putIfAbsent(draft.id(), draft);
            if (earlier != null) {
                throw new InvalidInputException(
                        matrix.name() + ": the cells " + Quoted.of(earlier.coordinates()) + " and "
                                + Quoted.of(draft.coordinates()) + " are the same configuration ("
                                + differing(matrix, earlier, draft)
                                + "). Exclude one of them, or let an axis set a key that makes them differ.");
            }
        }
    }

    // All are computed: groups are compared, and claims are judged, by the labels that cells have.
    private void tellRepeats(Matrix matrix, List<Draft> drafts) {
        Map<String, Draft> first = new HashMap<>();
        List<String> repeats = new ArrayList<>();
        for (Draft draft : drafts) {
            Draft same = first.putIfAbsent(draft.whatIsRead(), draft);
            if (same != null) {
                repeats.add(Quoted.of(draft.coordinates()) + " the same as " + Quoted.of(same.coordinates()) + " ("
                        + differing(matrix, same, draft) + ")");
            }
        }
        if (!repeats.isEmpty()) {
            int more = repeats.size() - NAMED_REPEATS;
            progress.phase("warning: " + matrix.name() + ": " + repeats.size() + " of " + drafts.size()
                    + " cells compute what another does, since they differ from it only in what their method does not"
                    + " read: "
                    + String.join(", ", repeats.subList(0, Math.min(repeats.size(), NAMED_REPEATS)))
                    + (more > 0 ? " and " + more + " more" : "")
                    + ". All are computed, so that others can be compared with each; a line below exclude leaves out"
                    + " one that nothing is compared with");
        }
    }

    private static String differing(Matrix matrix, Draft one, Draft other) {
        return matrix.axes().stream()
                .filter(axis -> !one.coordinates()
                        .get(axis.name())
                        .equals(other.coordinates().get(axis.name())))
                .map(axis -> Quoted.of(axis.name()) + " at " + axis.origin())
                .collect(Collectors.joining(", "));
    }

    /** What every cell has, with the same value and origin: it stands in the plan once. */
    private static List<Assignment> shared(List<Draft> drafts) {
        Map<String, Assignment> shared = new LinkedHashMap<>(drafts.get(0).chosen());
        for (Draft draft : drafts) {
            shared.values().removeIf(setting -> !setting.equals(draft.chosen().get(setting.key())));
        }
        return List.copyOf(shared.values());
    }

    private static List<Assignment> own(Draft draft, List<Assignment> shared) {
        List<Assignment> own = new ArrayList<>(draft.chosen().values());
        own.removeAll(shared);
        return own;
    }
}
