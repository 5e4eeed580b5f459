package dev.metaprompt.app;

import dev.metaprompt.InvalidInputException;
import dev.metaprompt.clip.ClipConfig;
import dev.metaprompt.clip.ClipModel;
import dev.metaprompt.config.Configuration;
import dev.metaprompt.experiment.Assignment;
import dev.metaprompt.experiment.Cell;
import dev.metaprompt.experiment.CellEnd;
import dev.metaprompt.experiment.CellRequest;
import dev.metaprompt.io.Quoted;
import dev.metaprompt.run.Attempts;
import dev.metaprompt.run.CellInfo;
import dev.metaprompt.run.RunDirectory;
import dev.metaprompt.run.RunLock;
import dev.metaprompt.run.RunRecord;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes one cell in its run directory: from its start, from its checkpoint, or not at all if it is finished. */
final class CellCommand {
    private static final Logger LOG = LoggerFactory.getLogger(CellCommand.class);

    private final CellRequest request;

    CellCommand(CellRequest request) {
        this.request = request;
    }

    CellEnd run(CellContext context) {
        try {
            return compute(context);
        } catch (CancellationException e) {
            return new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped");
        } catch (InvalidInputException e) {
            return context.interrupted() ? stopped() : new CellEnd(CellEnd.Kind.INVALID, e.getMessage());
        } catch (RuntimeException | Error e) {
            if (context.interrupted()) {
                return stopped();
            }
            LOG.error("cell {} failed", request.cell().folder(), e);
            return new CellEnd(CellEnd.Kind.FAILED, Outcome.of(e).message());
        }
    }

    private static CellEnd stopped() {
        return new CellEnd(CellEnd.Kind.INTERRUPTED, "stopped");
    }

    private CellEnd compute(CellContext context) {
        RunDirectory directory = RunDirectory.at(Path.of(request.folder()));
        Optional<RunLock> free = directory.tryLock();
        if (free.isEmpty()) {
            return new CellEnd(CellEnd.Kind.BUSY, "another process computes it");
        }
        try (RunLock lock = free.get()) {
            return directory.isFinished() ? finished(directory) : attempt(context, directory);
        }
    }

    private CellEnd finished(RunDirectory directory) {
        return CellImages.disagreement(request.cell(), directory.readRecord())
                .map(reason -> new CellEnd(CellEnd.Kind.INVALID, directory.path() + ": " + reason + "."))
                .orElseGet(CellCommand::done);
    }

    private CellEnd attempt(CellContext context, RunDirectory directory) {
        info().write(directory.path());
        Attempts attempts = Attempts.begin(directory);
        if (directory.hasRecord()) {
            goOn(context, directory);
        } else {
            start(context, directory);
        }
        boolean finished = directory.isFinished();
        attempts.end(finished ? "finished" : "interrupted");
        return finished ? done() : stopped();
    }

    // Another machine, or whoever can write to the store, may have left it: as a plan, it names no place of this
    // machine.
    private void goOn(CellContext context, RunDirectory directory) {
        Configuration asked = Settings.resolve(context);
        RunRecord record = directory.readRecord();
        TravellingPlaces.ofRecord(context).check(record.config(), "run " + Quoted.of(record.id()));
        // In the order of its record. Where that is not the plan's and matters, the content of its images is another.
        CellContext inItsOrder = context.without(ColorOrders.KEY);
        boolean unsaid = Activations.settled(asked, ModelFinder.find(asked, context.progress()))
                .value(Activations.KEY)
                .isEmpty();
        new TrainCommand()
                .goOnLocked(unsaid ? inItsOrder.without(Activations.KEY) : inItsOrder, directory, materials -> {
                    requireSame(asked, materials);
                    CellImages.requireSame(request.cell(), materials, context.progress());
                });
    }

    private static CellEnd done() {
        return new CellEnd(CellEnd.Kind.FINISHED, "");
    }

    private void start(CellContext context, RunDirectory directory) {
        Configuration asked = Settings.resolve(context);
        Configuration told = Activations.ofPlan(asked);
        Configuration config =
                told.autoInteger("threads").isPresent() ? told : told.with("threads", context.threads(), "automatic");
        new TrainCommand().startIn(context, directory, config, materials -> {
            requireSame(asked, materials);
            CellImages.requireSame(request.cell(), materials, context.progress());
        });
    }

    private Optional<Assignment> setting(String key) {
        return Stream.concat(request.options().stream(), request.cell().settings().stream())
                .filter(setting -> setting.key().equals(key))
                .reduce((weaker, stronger) -> stronger);
    }

    // The digest of the weights is the same with another configuration beside them. A plan of an earlier version says
    // nothing of it, whatever the model's files say.
    private void requireSameActivation(Optional<Assignment> said, ClipModel model) {
        boolean ofNow = setting(ColorOrders.KEY)
                .filter(order -> !order.origin().equals(ColorOrders.OLDER_PLAN))
                .isPresent();
        if (said.isEmpty() && !ofNow) {
            return;
        }
        String wanted = said.map(Assignment::value).orElse(Activations.USUAL);
        Optional<String> other =
                model.config().activation().map(ClipConfig.Activation::option).filter(found -> !found.equals(wanted));
        if (other.isPresent()) {
            throw new InvalidInputException("cell " + Quoted.of(request.cell().folder())
                    + ": the model of this machine, "
                    + Quoted.of(model.folder().name()) + ", has the activation " + other.get()
                    + ", that of the experiment "
                    + Quoted.of(wanted) + ". Give every machine the same model, or one weight file and the right "
                    + Activations.KEY + ".");
        }
    }

    private CellInfo info() {
        return info(request.experiment(), request.experimentId(), request.cell());
    }

    static CellInfo info(String experiment, String experimentId, Cell cell) {
        return new CellInfo(experiment, experimentId, cell.id(), cell.coordinates());
    }

    // A worker may have another model or data under the same name.
    private void requireSame(Configuration resolved, Materials materials) {
        Optional<Assignment> activation = setting(Activations.KEY);
        requireSameActivation(activation, materials.model());
        CellImages.requireSameReading(request.cell(), materials);
        // What the model's files say, or this machine's user of them, is no choice of the experiment's.
        boolean chosen = activation
                .filter(said -> !said.origin().equals(Activations.OF_MODEL))
                .isPresent();
        Configuration asked = chosen ? resolved : resolved.without(Activations.KEY);
        CellIdentity.Data data =
                CellIdentity.Data.of(materials.dataset(), materials.plan().split());
        CellIdentity.Contents contents = new CellIdentity.Contents(
                materials.modelSha256(),
                materials.model().tokenizer()::sha256,
                CellIdentity.drawDigest(asked),
                materials.model().reading());
        String found = CellIdentity.of(asked, contents, data);
        boolean older = CellIdentity.ofOlderVersions(asked, contents, data)
                .contains(request.cell().id());
        if (!found.equals(request.cell().id()) && !older) {
            throw new InvalidInputException("cell " + Quoted.of(request.cell().folder())
                    + ": model, data or options of this machine are not those of the experiment (digest "
                    + found.substring(0, 12) + "). Give every machine the same model and data.");
        }
    }
}
