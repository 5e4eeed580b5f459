package dev.metaprompt.plugin;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Asks git about a folder that may be anybody's: none of the programs that its own configuration names are run. The
 * user's and the system's configuration hold as ever, {@code safe.directory} among it.
 */
final class GitWorkTree {
    private static final int SECONDS = 5;

    /** Nothing watches files, no hook runs, nothing is written. */
    private static final List<String> HARMLESS = List.of(
            "--no-optional-locks",
            "--no-pager",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=" + (File.separatorChar == '\\' ? "NUL" : "/dev/null"));

    /** Git asks nobody, whatever the folder's configuration allows: objects that are not there stay away. */
    private static final Map<String, String> SET =
            Map.of("GIT_TERMINAL_PROMPT", "0", "GIT_NO_LAZY_FETCH", "1", "GIT_ALLOW_PROTOCOL", "none");

    private final Path program;
    private final Path directory;

    private GitWorkTree(Path program, Path directory) {
        this.program = program;
        this.directory = directory;
    }

    /**
     * Finds git in the folders of a path, of which those that begin where a goal happens to be started are passed over.
     *
     * @param path the variable PATH, or null
     * @param directory whose work tree is asked about
     * @return empty on a machine without git
     */
    static Optional<GitWorkTree> in(String path, Path directory) {
        List<String> names = File.separatorChar == '\\' ? List.of("git.exe") : List.of("git");
        return Stream.of((path == null ? "" : path).split(File.pathSeparator))
                .flatMap(GitWorkTree::absolute)
                .flatMap(folder -> names.stream().map(folder::resolve))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .map(program -> new GitWorkTree(program, directory));
    }

    private static Stream<Path> absolute(String folder) {
        try {
            return Stream.of(Path.of(folder)).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Stream.empty();
        }
    }

    /** Returns the commit that is checked out; empty outside any work tree. */
    Optional<String> commit() {
        return run(List.of("rev-parse", "--verify", "HEAD")).map(String::strip);
    }

    /** Tells whether tracked files differ from the commit; of a work tree within, only the commit is looked at. */
    Optional<Boolean> dirty() {
        Optional<List<String>> noFilters = withoutFilters();
        return noFilters
                .flatMap(options ->
                        run(options, "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty"))
                .map(changes -> !changes.isBlank());
    }

    /** A filter that the folder's own configuration names is a program of its maker's choice. */
    private Optional<List<String>> withoutFilters() {
        List<String> listed = List.of("config", "--list", "--show-scope", "--name-only", "-z");
        return run(listed)
                .filter(GitWorkTree::extendsNoFilter)
                .map(GitWorkTree::foreignFilters)
                .flatMap(GitWorkTree::off);
    }

    // Filters of the user's own run, and git-lfs runs what the repository says: better no fact than that.
    private static boolean extendsNoFilter(String scopesAndKeys) {
        return Arrays.stream(scopesAndKeys.split("\0")).noneMatch(word -> word.startsWith("lfs.extension."));
    }

    private static Set<String> foreignFilters(String scopesAndKeys) {
        Set<String> filters = new TreeSet<>();
        String[] words = scopesAndKeys.split("\0");
        for (int i = 0; i + 1 < words.length; i += 2) {
            boolean foreign = words[i].equals("local") || words[i].equals("worktree");
            String key = words[i + 1];
            if (foreign && key.startsWith("filter.")) {
                filters.add(key.substring(0, key.lastIndexOf('.')));
            }
        }
        return filters;
    }

    private static Optional<List<String>> off(Set<String> filters) {
        List<String> options = new ArrayList<>();
        for (String filter : filters) {
            if (filter.contains("=")) {
                // Git would take the name to end there, and so run the filter: better no fact than that.
                return Optional.empty();
            }
            for (String setting : List.of(".clean=", ".smudge=", ".process=", ".required=false")) {
                options.addAll(List.of("-c", filter + setting));
            }
        }
        return Optional.of(options);
    }

    private Optional<String> run(List<String> options, String... command) {
        List<String> words = new ArrayList<>(options);
        words.addAll(List.of(command));
        return run(words);
    }

    private Optional<String> run(List<String> words) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(HARMLESS);
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(SET);
        try {
            return output(builder.start());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> output(Process process) throws IOException {
        // Killed when time is up, a hanging git and what it started close its output and the reading below ends.
        CompletableFuture<Process> end = process.onExit().orTimeout(SECONDS, TimeUnit.SECONDS);
        end.exceptionally(timeout -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            return process.destroyForcibly();
        });
        try (InputStream output = process.getInputStream()) {
            process.getOutputStream().close();
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            return end.join().exitValue() == 0 ? Optional.of(text) : Optional.empty();
        } catch (CompletionException e) {
            return Optional.empty();
        }
    }
}
