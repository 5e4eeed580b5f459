package dev.metaprompt.plugin;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the parent knows of itself and the place, for a run's record. */
final class Facts {
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
        // A machine without git, or a folder outside any work tree, simply has no such fact.
        GitWorkTree.in(System.getenv("PATH"), directory)
                .ifPresent(git -> git.commit().ifPresent(commit -> {
                    facts.put("git.commit", commit);
                    git.dirty().ifPresent(dirty -> facts.put("git.dirty", String.valueOf(dirty)));
                }));
        return facts;
    }
}
