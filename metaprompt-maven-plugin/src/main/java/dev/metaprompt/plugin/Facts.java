package dev.metaprompt.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** What the parent knows of itself and the place, for a run's record. */
final class Facts {
    private static final int GIT_SECONDS = 5;

    private Facts() {}

    /**
     * Gathers the facts.
     *
     * @param info this plugin
     * @param mavenVersion the running Maven's, where known
     * @param project coordinates of the current project, where there is one
     * @param directory whose git work tree is looked at
     */
    static Map<String, String> gather(
            PluginInfo info, Optional<String> mavenVersion, Optional<String> project, Path directory) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("metaprompt.version", info.version());
        facts.put("java.parent.version", Runtime.version().toString());
        mavenVersion.ifPresent(version -> facts.put("maven.version", version));
        project.ifPresent(coordinates -> facts.put("project", coordinates));
        git(directory, "rev-parse", "HEAD").ifPresent(commit -> {
            facts.put("git.commit", commit);
            git(directory, "status", "--porcelain", "--untracked-files=no")
                    .ifPresent(changes -> facts.put("git.dirty", String.valueOf(!changes.isEmpty())));
        });
        return facts;
    }

    /** A machine without git, or a folder outside any work tree, simply has no such fact. */
    private static Optional<String> git(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return Optional.empty();
        }
        // Killed when time is up, a hanging git closes its output and the reading below ends.
        CompletableFuture<Process> end = process.onExit().orTimeout(GIT_SECONDS, TimeUnit.SECONDS);
        end.exceptionally(timeout -> process.destroyForcibly());
        try (InputStream output = process.getInputStream()) {
            process.getOutputStream().close();
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
            return end.join().exitValue() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException | CompletionException e) {
            return Optional.empty();
        }
    }
}
