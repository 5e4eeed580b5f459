package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.image.ColorOrder;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was planned and begun in an experiment's folder by versions that knew cells by other ids, or one order alone.
 */
final class EarlierPlan {
    private final Path folder;
    private final boolean older;
    private final boolean resizedFirst;
    private final Set<String> ids;

    private EarlierPlan(Path folder, Optional<Plan> plan) {
        this.folder = folder;
        List<Assignment> orders = plan.stream().flatMap(EarlierPlan::orders).toList();
        this.older =
                plan.isPresent() && orders.stream().map(Assignment::origin).allMatch(ColorOrders.OLDER_PLAN::equals);
        this.resizedFirst = orders.stream().map(Assignment::value).allMatch(ColorOrder.RESIZE_FIRST.word()::equals);
        this.ids =
                plan.stream().flatMap(any -> any.cells().stream()).map(Cell::id).collect(Collectors.toSet());
    }

    /** Reads what there is; a plan that cannot be read is written anew, as ever. */
    static EarlierPlan of(Path folder) {
        if (!PlainFiles.isThere(folder.resolve(PlanFile.NAME))) {
            return new EarlierPlan(folder, Optional.empty());
        }
        try {
            return new EarlierPlan(folder, Optional.of(PlanFile.read(folder)));
        } catch (InvalidInputException e) {
            return new EarlierPlan(folder, Optional.empty());
        }
    }

    // None in a plan of a version that knew one order.
    private static Stream<Assignment> orders(Plan plan) {
        return Stream.concat(plan.options().stream(), plan.cells().stream().flatMap(cell -> cell.settings().stream()))
                .filter(setting -> setting.key().equals(ColorOrders.KEY));
    }

    /** Tells whether the plan, or the one before it, was made when images were always resized first. */
    boolean isOlder() {
        return older;
    }

    /** Tells whether there is a cell's folder. */
    boolean hasFolder(String name) {
        return Files.isDirectory(folder.resolve(name));
    }

    /** Tells whether a cell goes on under an id that older versions gave it. */
    boolean goesOn(Configuration config, String id, String name) {
        if (!hasItsThreads(config, name)) {
            return false;
        }
        if (ColorOrders.of(config) != ColorOrder.RESIZE_FIRST) {
            return hasFolder(name);
        }
        return resizedFirst && ids.contains(id) || hasRunOfOldOrder(name);
    }

    // They did not heed the threads that a matrix asks for: only what they happened to give is that cell.
    private boolean hasItsThreads(Configuration config, String name) {
        return !CellIdentity.asksForThreads(config)
                || CellOptions.begunWith(folder.resolve(name))
                        .equals(config.value("threads").map(Object::toString));
    }

    // The other order has this id, too.
    private boolean hasRunOfOldOrder(String name) {
        Path run = folder.resolve(name);
        if (!PlainFiles.isThere(run.resolve(RunDirectory.RECORD))) {
            return false;
        }
        try {
            return ColorOrders.ofRecord(RunDirectory.open(run).readRecord().config())
                    .equals(ColorOrder.RESIZE_FIRST.word());
        } catch (InvalidInputException e) {
            // The cell says so itself, under the id that it has.
            return true;
        }
    }
}
