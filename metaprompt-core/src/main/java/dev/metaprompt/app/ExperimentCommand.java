package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.Claim;
import dev.metaprompt.experiment.LocalRunner;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The goal {@code experiment}: a matrix, its cells computed here or by workers, the summary over them. */
final class ExperimentCommand implements Command {
    @Override
    public void run(CommandContext context) {
        Configuration asked = Settings.withoutModel(context);
        Matrix matrix = ExperimentMatrix.read(context, asked);
        List<Claim> claims = ExperimentEnd.claims(asked);
        Plan plan = new ExperimentPlanner(context).plan(matrix);
        Path folder = ExperimentFolder.of(asked, plan.name());
        boolean attach = asked.optional("attach").isPresent();
        if (attach && !asked.text("attach").equals("true")) {
            Distributed.steer(context, asked, plan);
            return;
        }
        if (asked.flag("dryRun")) {
            context.result(DryRun.lines(plan, folder));
            return;
        }
        create(folder);
        PlanFile.write(folder, plan);
        List<Cell> missing =
                plan.cells().stream().filter(cell -> !finished(folder, cell)).toList();
        context.progress().phase(begin(context, plan, missing, folder));
        Map<Cell, String> failed = attach || asked.text("runner").equals("temporal")
                ? distributed(context, asked, plan, missing, attach)
                : failed(compute(context, asked, plan, missing, folder));
        ExperimentEnd.tell(context, claims, plan, folder, failed);
    }

    private static String begin(CommandContext context, Plan plan, List<Cell> missing, Path folder) {
        int done = plan.cells().size() - missing.size();
        return "experiment " + plan.name() + ": " + plan.cells().size() + " cells"
                + (done == 0 ? "" : ", " + done + " of them finished before") + ", in "
                + TrainCommand.shown(context.baseDirectory(), folder);
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "runs: " + folder + " cannot be created (" + e.getMessage() + "). Name another folder.", e);
        }
    }

    static boolean finished(Path folder, Cell cell) {
        return run(folder, cell)
                .map(run -> run.readRecord().status() == RunStatus.FINISHED)
                .orElse(false);
    }

    /** The run of a cell, once it has a record. */
    static Optional<RunDirectory> run(Path folder, Cell cell) {
        Path path = folder.resolve(cell.folder());
        return Files.isRegularFile(path.resolve(RunDirectory.RECORD))
                ? Optional.of(RunDirectory.open(path))
                : Optional.empty();
    }

    private static Map<Cell, String> distributed(
            CommandContext context, Configuration asked, Plan plan, List<Cell> missing, boolean attach) {
        if (missing.isEmpty() && !attach) {
            return Map.of();
        }
        new FileWorkplace(ExperimentFolder.root(asked)).submit(plan);
        return Distributed.compute(context, asked, plan, attach);
    }

    private static Map<Cell, CellEnd> compute(
            CommandContext context, Configuration asked, Plan plan, List<Cell> missing, Path folder) {
        if (missing.isEmpty()) {
            return Map.of();
        }
        int parallel = Math.min(asked.integer("experiment.parallel"), missing.size());
        int threads = CellProcessCommand.threads(asked.autoInteger("threads"), asked.integer("experiment.parallel"));
        try (var engine = CellProcessCommand.processes(context, threads, CellOptions.ofMachine(asked))) {
            return new LocalRunner(engine, parallel)
                    .run(
                            plan,
                            missing,
                            cell -> folder.resolve(cell.folder()),
                            context.progress(),
                            context::interrupted);
        }
    }

    private static Map<Cell, String> failed(Map<Cell, CellEnd> ends) {
        Map<Cell, String> failed = new LinkedHashMap<>();
        ends.forEach((cell, end) -> {
            if (end.kind() != CellEnd.Kind.FINISHED && end.kind() != CellEnd.Kind.INTERRUPTED) {
                failed.put(cell, end.message());
            }
        });
        return failed;
    }
}
