package dev.metaprompt.app;

import dev.metaprompt.Progress;
import dev.metaprompt.io.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A command's surroundings in a test: options as on the command line, a place, an interruption after some epochs. */
final class TestContext implements CommandContext {
    final List<String> phases = new ArrayList<>();
    final List<String> results = new ArrayList<>();
    final Map<String, Integer> updates = new HashMap<>();
    Network network = Network.NONE;
    /** Hears what is updated. */
    Consumer<String> onUpdate = what -> {};

    private final Path base;
    private final List<RawOption> options = new ArrayList<>();
    private int epochsUntilInterruption = Integer.MAX_VALUE;
    private int epochs;

    TestContext(Path base, String... keysAndValues) {
        this.base = base;
        for (int i = 0; i < keysAndValues.length; i += 2) {
            String key = keysAndValues[i];
            options.add(new RawOption(key, keysAndValues[i + 1], RawOption.Layer.USER, "-Dmetaprompt." + key));
        }
    }

    TestContext interruptAfter(int count) {
        epochsUntilInterruption = count;
        return this;
    }

    @Override
    public String goal() {
        return "test";
    }

    @Override
    public List<RawOption> options() {
        return options;
    }

    @Override
    public Path baseDirectory() {
        return base;
    }

    @Override
    public Map<String, String> facts() {
        return Map.of("metaprompt.version", "test");
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public Progress progress() {
        return new Progress() {
            @Override
            public void phase(String text) {
                phases.add(text);
            }

            @Override
            public void update(String what, long done, long total, String detail) {
                updates.merge(what, 1, Integer::sum);
                onUpdate.accept(what);
                epochs += what.equals("epoch") ? 1 : 0;
            }
        };
    }

    @Override
    public void result(List<String> lines) {
        results.addAll(lines);
    }

    @Override
    public boolean interrupted() {
        return epochs >= epochsUntilInterruption;
    }

    @Override
    public void onInterrupt(Runnable action) {
        // The flag is enough for the commands.
    }
}
