package dev.metaprompt.app;

import dev.metaprompt.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The context of a training that is a cell of an experiment. */
final class CellContext implements CommandContext {
    private final List<RawOption> options;
    private final Path directory;
    private final Map<String, String> facts;
    private final int threads;
    private final Progress progress;
    private final Interruption interruption;

    CellContext(
            List<RawOption> options,
            Path directory,
            Map<String, String> facts,
            int threads,
            Progress progress,
            Interruption interruption) {
        this.options = options;
        this.directory = directory;
        this.facts = facts;
        this.threads = threads;
        this.progress = progress;
        this.interruption = interruption;
    }

    /** Returns the same context, in which nothing is said of a key. */
    CellContext without(String key) {
        List<RawOption> others =
                options.stream().filter(option -> !option.key().equals(key)).toList();
        return new CellContext(others, directory, facts, threads, progress, interruption);
    }

    @Override
    public String goal() {
        return "train";
    }

    @Override
    public List<RawOption> options() {
        return options;
    }

    @Override
    public Path baseDirectory() {
        return directory;
    }

    @Override
    public Map<String, String> facts() {
        return facts;
    }

    /** Threads of computation, which a process sets once. */
    int threads() {
        return threads;
    }

    @Override
    public Progress progress() {
        return interruption.ending(progress);
    }

    @Override
    public void result(List<String> lines) {}

    @Override
    public boolean interrupted() {
        return interruption.requested();
    }

    @Override
    public void onInterrupt(Runnable action) {
        interruption.onRequest(action);
    }
}
