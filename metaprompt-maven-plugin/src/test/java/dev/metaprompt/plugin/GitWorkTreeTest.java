package dev.metaprompt.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A folder from elsewhere, whose configuration names programs, is asked for its commit. */
@DisabledOnOs(OS.WINDOWS)
class GitWorkTreeTest {
    @TempDir
    private Path temp;

    private Path tree;
    private Path touched;
    private Path script;

    @BeforeEach
    void create() throws Exception {
        assumeTrue(GitWorkTree.in(System.getenv("PATH"), temp).isPresent(), "needs git");
        tree = Files.createDirectory(temp.resolve("tree"));
        touched = temp.resolve("touched");
        script = Files.writeString(temp.resolve("script"), "#!/bin/sh\ntouch '" + touched + "'\ncat\n");
        assertTrue(script.toFile().setExecutable(true));
        git("init", "--quiet");
        Files.writeString(tree.resolve("a.txt"), "one");
        git("add", "a.txt");
        git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "one");
    }

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(tree.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said.strip();
    }

    private Map<String, String> facts() {
        PluginInfo info = new PluginInfo("1", "2", "3");
        return Facts.gather(info, Optional.empty(), Optional.empty(), tree);
    }

    /** Git has to look into the file again. */
    private void rewrite(String text) throws IOException {
        Path file = Files.writeString(tree.resolve("a.txt"), text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100)));
    }

    @Test
    void commitAndChangesAreKnown() throws Exception {
        assertEquals(git("rev-parse", "HEAD"), facts().get("git.commit"));
        assertEquals("false", facts().get("git.dirty"));
        rewrite("two");
        assertEquals("true", facts().get("git.dirty"));
        Files.writeString(tree.resolve("untracked"), "");
        rewrite("one");
        assertEquals("false", facts().get("git.dirty"));
    }

    @Test
    void outsideAWorkTreeThereIsNoFact() {
        tree = temp;
        assertFalse(facts().containsKey("git.commit"));
    }

    @Test
    void noProgramWatchesTheFiles() throws Exception {
        git("config", "core.fsmonitor", script.toString());
        assertEquals("false", facts().get("git.dirty"));
        assertFalse(Files.exists(touched));
    }

    @Test
    void noHookRuns() throws Exception {
        Path hooks = Files.createDirectory(temp.resolve("hooks"));
        Files.copy(script, hooks.resolve("post-index-change"), StandardCopyOption.COPY_ATTRIBUTES);
        git("config", "core.hooksPath", hooks.toString());
        rewrite("one");
        assertEquals("false", facts().get("git.dirty"));
        assertFalse(Files.exists(touched));
    }

    @Test
    void noFilterOfTheFoldersOwnIsRun() throws Exception {
        for (String filter : List.of("evil", "E.vil", "a=b")) {
            for (String setting : List.of("clean", "process")) {
                Files.writeString(tree.resolve(".git/info/attributes"), "*.txt filter=" + filter + "\n");
                git("config", "filter." + filter + "." + setting, script.toString());
                git("config", "filter." + filter + ".required", "true");
                rewrite("one");
                assertEquals(!filter.contains("="), facts().containsKey("git.dirty"));
                assertFalse(Files.exists(touched), filter + " " + setting);
                git("config", "--remove-section", "filter." + filter);
            }
        }
    }

    @Test
    void aFilterOfAnIncludedFileIsTheFoldersOwn() throws Exception {
        Files.writeString(tree.resolve("more"), "[filter \"evil\"]\nclean = " + script + "\n");
        git("config", "include.path", tree.resolve("more").toString());
        Files.writeString(tree.resolve(".gitattributes"), "*.txt filter=evil\n");
        rewrite("one");
        assertEquals("false", facts().get("git.dirty"));
        assertFalse(Files.exists(touched));
    }

    @Test
    void nothingIsFetched() throws Exception {
        String object = git("rev-parse", "HEAD^{tree}");
        git("config", "extensions.partialClone", "origin");
        git("config", "core.repositoryFormatVersion", "1");
        git("config", "remote.origin.promisor", "true");
        git("config", "remote.origin.url", "ext::" + script);
        git("config", "protocol.ext.allow", "always");
        Files.delete(tree.resolve(".git/objects/" + object.substring(0, 2) + "/" + object.substring(2)));
        assertFalse(facts().containsKey("git.dirty"));
        assertFalse(Files.exists(touched));
    }

    @Test
    void aGitThatLiesWhereTheGoalStartsIsNotGit() throws Exception {
        Files.copy(script, tree.resolve("git"), StandardCopyOption.COPY_ATTRIBUTES);
        assertTrue(GitWorkTree.in(".:", tree).isEmpty());
        assertTrue(GitWorkTree.in(null, tree).isEmpty());
    }
}
