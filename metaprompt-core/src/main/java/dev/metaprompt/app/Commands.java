package dev.metaprompt.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The registry of goals: the only place that says which command a goal runs. */
public final class Commands {
    private final Map<String, Supplier<Command>> byGoal;

    /**
     * Creates a registry.
     *
     * @param byGoal a new command for each goal's name
     */
    public Commands(Map<String, Supplier<Command>> byGoal) {
        this.byGoal = Map.copyOf(byGoal);
    }

    /**
     * Returns the goals of this version.
     *
     * @return the registry {@link Main} uses
     */
    public static Commands standard() {
        Map<String, Supplier<Command>> goals = new LinkedHashMap<>();
        goals.put("check", CheckCommand::new);
        goals.put("encode", EncodeCommand::new);
        goals.put("evaluate", EvaluateCommand::new);
        goals.put("experiment", ExperimentCommand::new);
        goals.put("prepare", PrepareCommand::new);
        goals.put("pretrain", PretrainCommand::new);
        goals.put("replay", ReplayCommand::new);
        goals.put("report", ReportCommand::new);
        goals.put("sync", SyncCommand::new);
        goals.put("train", TrainCommand::new);
        goals.put("worker", WorkerCommand::new);
        return new Commands(goals);
    }

    /**
     * Returns a new command.
     *
     * @param goal the goal's name
     * @return empty if no command is registered for it
     */
    public Optional<Command> create(String goal) {
        return Optional.ofNullable(byGoal.get(goal)).map(Supplier::get);
    }

    /**
     * Returns the goals' names.
     *
     * @return unordered
     */
    public Set<String> goals() {
        return byGoal.keySet();
    }
}
