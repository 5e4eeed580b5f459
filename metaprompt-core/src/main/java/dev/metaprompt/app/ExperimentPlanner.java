package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.Progress;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.config.ConfigurationBuilder;
import dev.metaprompt.config.CrossChecks;
import dev.metaprompt.config.Setting;
import dev.metaprompt.data.Dataset;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.Point;
import dev.metaprompt.feature.FeaturePack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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

    private final CommandContext context;
    private final Progress progress;
    private final Map<String, List<Setting>> recommendations = new HashMap<>();
    private final Map<String, String> models = new HashMap<>();
    private final Map<List<Object>, CellIdentity.Data> data = new HashMap<>();

    ExperimentPlanner(CommandContext context) {
        this.context = context;
        this.progress = context.progress();
    }

    /** A cell before what all cells share is taken out of it. */
    private record Draft(
            String id, String folder, String queue, Map<String, String> coordinates, Map<String, Assignment> chosen) {}

    Plan plan(Matrix matrix) {
        List<Point> points = matrix.points();
        List<Draft> drafts = new ArrayList<>(points.size());
        for (Point point : points) {
            progress.update("cells checked", drafts.size(), points.size(), "");
            drafts.add(draft(point));
        }
        refuseDuplicates(matrix, drafts);
        List<Assignment> shared = shared(drafts);
        List<Cell> cells = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            cells.add(new Cell(
                    cells.size(), draft.id(), draft.folder(), draft.queue(), draft.coordinates(), own(draft, shared)));
        }
        return Plan.of(matrix.name(), matrix.title(), shared, matrix.compare(), cells);
    }

    private Draft draft(Point point) {
        Configuration config = resolve(point);
        CellIdentity.Data cellData = data(config);
        if (config.text("method").equals("metaprompt")) {
            CrossChecks.checkWay(config, cellData.base().size());
        }
        String id = CellIdentity.of(config, model(config), cellData);
        return new Draft(
                id,
                CellOptions.folder(config, cellData, id),
                CellOptions.queue(config),
                point.coordinates(),
                CellOptions.chosen(config));
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

    private String model(Configuration config) {
        return models.computeIfAbsent(
                config.text("model"), name -> ModelFinder.find(config, progress).sha256());
    }

    private CellIdentity.Data data(Configuration config) {
        List<Object> key =
                DATA_KEYS.stream().map(name -> config.value(name).orElse("")).collect(Collectors.toList());
        CellIdentity.Data known = data.get(key);
        if (known == null) {
            Optional<FeaturePack> pack = FeatureAccess.pack(config);
            Dataset dataset = pack.map(FeaturePack::dataset)
                    .orElseGet(() -> DatasetFinder.open(config, Settings.cache(config), progress));
            known = CellIdentity.Data.of(dataset, DatasetFinder.classSplit(config, dataset));
            data.put(key, known);
        }
        return known;
    }

    private static void refuseDuplicates(Matrix matrix, List<Draft> drafts) {
        Map<String, Draft> byId = new HashMap<>();
        for (Draft draft : drafts) {
            Draft earlier = byId.putIfAbsent(draft.id(), draft);
            if (earlier != null) {
                throw new InvalidInputException(matrix.name() + ": the cells " + earlier.coordinates() + " and "
                        + draft.coordinates() + " are the same configuration (" + differing(matrix, earlier, draft)
                        + "). Exclude one of them, or let an axis set a key that makes them differ.");
            }
        }
    }

    private static String differing(Matrix matrix, Draft one, Draft other) {
        return matrix.axes().stream()
                .filter(axis -> !one.coordinates()
                        .get(axis.name())
                        .equals(other.coordinates().get(axis.name())))
                .map(axis -> axis.name() + " at " + axis.origin())
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
