package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellEngine;
import dev.metaprompt.experiment.Claim;
import dev.metaprompt.experiment.Claims;
import dev.metaprompt.experiment.LocalRunner;
import dev.metaprompt.experiment.Matrix;
import dev.metaprompt.experiment.Plan;
import dev.metaprompt.experiment.PlanFile;
import dev.metaprompt.experiment.StoredCells;
import dev.metaprompt.io.PlainFiles;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.CellInfo;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.tracking.ExperimentRecord;
import dev.metaprompt.tracking.ExperimentRun;
import dev.metaprompt.tracking.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The goal {@code experiment}: a matrix, its cells computed here or by workers, the summary over them. */
final class ExperimentCommand implements Command {
    private static final Duration CHECKPOINTS = Duration.ofSeconds(20);

    @Override
    public void run(CommandContext context) {
        Configuration asked = Settings.withoutModel(context);
        if (asked.optional("run").isPresent()) {
            throw new InvalidInputException(asked.describe("run")
                    + ", but each cell of an experiment has a run of its own, which goes on by itself. Leave it out.");
        }
        Matrix matrix = ExperimentMatrix.read(context, asked);
        List<Claim> claims = ExperimentEnd.claims(asked);
        String attach = asked.optional("attach").orElse("");
        boolean steers = !attach.isEmpty() && !attach.equals("true");
        ExperimentPlanner planner = new ExperimentPlanner(context);
        Plan plan = steers || asked.flag("dryRun") ? planner.plan(matrix) : planner.planWithContents(matrix);
        Claims.check(claims, plan);
        Path folder = ExperimentFolder.of(asked, plan.name());
        OtherCode.check(asked, SharedPlace.of(asked));
        if (steers) {
            Distributed.steer(context, asked, plan);
        } else if (asked.flag("dryRun")) {
            OtherCode other = new OtherCode(context, folder);
            boolean recompute = asked.flag("experiment.recompute");
            context.result(
                    DryRun.lines(plan, folder, cell -> finished(folder, cell) && !(recompute && other.has(cell))));
        } else {
            compute(context, asked, plan, folder, claims);
        }
    }

    private static void compute(
            CommandContext context, Configuration asked, Plan plan, Path folder, List<Claim> claims) {
        create(folder);
        SharedPlace place = SharedPlace.of(asked);
        keep(context, place, plan, folder);
        fetch(context, place, plan);
        if (asked.flag("experiment.recompute")) {
            new OtherCode(context, folder).setAside(context, plan);
        }
        CellImages.requireSame(plan, folder, context.progress());
        PlanFile.write(folder, plan);
        List<Cell> missing =
                plan.cells().stream().filter(cell -> !finished(folder, cell)).toList();
        adopt(plan, missing, folder);
        context.progress().phase(begin(context, plan, missing, folder));
        ExperimentRun tracked = ExperimentRun.begin(
                Tracking.server(asked),
                asked.optional("tracking.experiment"),
                folder,
                ExperimentRecord.Facts.of(plan.name(), plan.title(), plan.experimentId(), coordinates(plan)),
                context.progress());
        boolean attach = asked.optional("attach").isPresent();
        FailedCells failed = FailedCells.NONE;
        if (attach || !missing.isEmpty() && asked.text("runner").equals("temporal")) {
            place.submit(plan);
            failed = Distributed.compute(context, asked, plan, attach);
            fetch(context, place, plan);
        } else if (!missing.isEmpty()) {
            failed = FailedCells.of(local(context, asked, plan, missing, place));
        }
        new ExperimentEnd(context, plan, folder, failed, tracked).tell(claims);
    }

    // Cells that an earlier, smaller matrix has computed belong to this one now.
    private static void adopt(Plan plan, List<Cell> missing, Path folder) {
        Set<Cell> unfinished = new HashSet<>(missing);
        for (Cell cell : plan.cells()) {
            CellInfo info = CellCommand.info(plan.name(), plan.experimentId(), cell);
            Path run = folder.resolve(cell.folder());
            if (!unfinished.contains(cell) && !CellInfo.read(run).equals(Optional.of(info))) {
                info.write(run);
            }
        }
    }

    private static List<Map<String, String>> coordinates(Plan plan) {
        return plan.cells().stream().map(Cell::coordinates).toList();
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
                    "runs: " + Quoted.path(folder) + " cannot be created (" + Quoted.reason(e)
                            + "). Name another folder.",
                    e);
        }
    }

    // What this machine finished and could not hand over, since it was stopped meanwhile, is handed over now.
    private static void keep(CommandContext context, SharedPlace place, Plan plan, Path folder) {
        if (!place.isRemote()) {
            return;
        }
        List<Cell> here =
                plan.cells().stream().filter(cell -> isToKeep(folder, cell)).toList();
        for (int i = 0; i < here.size() && !context.interrupted(); i++) {
            context.progress().update("finished cells looked for in the store", i, here.size(), "");
            try {
                place.store(plan).keep(here.get(i));
            } catch (StoreException | InvalidInputException e) {
                // Figures that are here can be told without it; whoever needs it for more meets it again.
                context.progress()
                        .phase("experiment.store: what is finished here cannot be kept there now (" + Quoted.fault(e)
                                + "); the same command tries again");
                return;
            }
        }
    }

    // The store knows cells by their lists: a run of images that were replaced since must not get there.
    private static boolean isToKeep(Path folder, Cell cell) {
        return run(folder, cell)
                .filter(RunDirectory::isFinished)
                .filter(run -> CellImages.disagreement(cell, run.readRecord()).isEmpty())
                .isPresent();
    }

    // What other machines have computed is brought here, where the summary reads it.
    private static void fetch(CommandContext context, SharedPlace place, Plan plan) {
        if (!place.isRemote()) {
            return;
        }
        for (Cell cell : plan.cells()) {
            if (context.interrupted()) {
                return;
            }
            context.progress()
                    .update(
                            "cells looked for in the store",
                            cell.number(),
                            plan.cells().size(),
                            "");
            place.store(plan).fetch(cell);
        }
    }

    static boolean finished(Path folder, Cell cell) {
        return run(folder, cell).map(RunDirectory::isFinished).orElse(false);
    }

    /** The run of a cell, once it has a record. */
    static Optional<RunDirectory> run(Path folder, Cell cell) {
        Path path = folder.resolve(cell.folder());
        return PlainFiles.isThere(path.resolve(RunDirectory.RECORD))
                ? Optional.of(RunDirectory.open(path))
                : Optional.empty();
    }

    private static Map<Cell, CellEnd> local(
            CommandContext context, Configuration asked, Plan plan, List<Cell> missing, SharedPlace place) {
        int parallel = Math.min(asked.integer("experiment.parallel"), missing.size());
        int threads = CellProcessCommand.threads(asked.autoInteger("threads"), asked.integer("experiment.parallel"));
        CellEngine processes = CellProcessCommand.processes(context, threads, CellOptions.ofMachine(asked));
        try (CellEngine engine =
                place.isRemote() ? new StoredCells(processes, place.store(plan), CHECKPOINTS) : processes) {
            return new LocalRunner(engine, parallel)
                    .run(plan, missing, place.store(plan)::folder, context.progress(), context::interrupted);
        }
    }
}
