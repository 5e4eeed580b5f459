package dev.metaprompt.plugin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        try {
            ProcessBuilder builder = new ProcessBuilder();
            builder.command().add("git");
            builder.command().addAll(List.of(arguments));
            Process process = builder.directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean ended = process.waitFor(GIT_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
