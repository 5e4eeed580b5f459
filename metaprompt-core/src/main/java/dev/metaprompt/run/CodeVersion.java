package dev.metaprompt.run;

import dev.metaprompt.io.Quoted;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The code that computed a run. Runs whose code differs are no sample of one thing, even where they differ in nothing
 * else; what is unknown equals what is unknown, since records did not always tell.
 *
 * @param project version of this project; {@code unknown} where nothing tells it
 * @param commit commit of the work tree it was started in, with {@code -dirty} behind it where files differed from it;
 *     absent where nothing tells it
 */
public record CodeVersion(String project, Optional<String> commit) {
    private static final String NOT_TOLD = "unknown";

    /** What nothing is known of. */
    public static final CodeVersion UNKNOWN = new CodeVersion(NOT_TOLD, Optional.empty());

    private static final String DIRTY = "-dirty";
    private static final String THEN = " then ";
    private static final Pattern DIGEST = Pattern.compile("([0-9a-f]{12})[0-9a-f]{28,}");

    /** Refuses missing parts. */
    public CodeVersion {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(commit, "commit");
    }

    /**
     * Returns what a record tells.
     *
     * @param record a run's record
     * @return its code
     */
    public static CodeVersion of(RunRecord record) {
        return new CodeVersion(
                record.environment().project(), record.environment().gitCommit());
    }

    /**
     * Returns the code that is running.
     *
     * @param facts {@code metaprompt.version}, {@code git.commit} and {@code git.dirty}, as far as they are known
     * @return this code
     */
    public static CodeVersion of(Map<String, String> facts) {
        return new CodeVersion(
                facts.getOrDefault("metaprompt.version", NOT_TOLD),
                Optional.ofNullable(facts.get("git.commit"))
                        .map(commit -> Boolean.parseBoolean(facts.get("git.dirty")) ? commit + DIRTY : commit));
    }

    /**
     * Returns the code of a run that this code began and another goes on with: neither's alone.
     *
     * @param later the code that goes on
     * @return this code if it is the same, and else both in their order
     */
    public CodeVersion then(CodeVersion later) {
        boolean commits = commit.isPresent() || later.commit.isPresent();
        return equals(later)
                ? this
                : new CodeVersion(
                        joined(project, later.project),
                        commits
                                ? Optional.of(joined(commit.orElse(NOT_TOLD), later.commit.orElse(NOT_TOLD)))
                                : Optional.empty());
    }

    private static String joined(String first, String then) {
        return first.equals(then) || first.endsWith(THEN + then) ? first : first + THEN + then;
    }

    /**
     * Tells whether there were changes that no commit has, so that two runs of the same commit may be of different code.
     *
     * @return whether the commit is marked so
     */
    public boolean isDirty() {
        return commit.filter(text -> text.contains(DIRTY)).isPresent();
    }

    /**
     * Returns the code as pages name it.
     *
     * @return for example {@code 0.1.0, commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12-dirty}
     */
    public String shown() {
        return equals(UNKNOWN)
                ? NOT_TOLD
                : project + commit.map(c -> ", commit " + c).orElse(", commit unknown");
    }

    /**
     * Returns the code as a line of a console names it.
     *
     * @return as {@link #shown}, of a digest the first 12 characters; at most 80 characters, none of them a control
     *     character
     */
    public String brief() {
        return Quoted.of(DIGEST.matcher(shown()).replaceAll("$1"), Quoted.LONGEST - 1);
    }
}
