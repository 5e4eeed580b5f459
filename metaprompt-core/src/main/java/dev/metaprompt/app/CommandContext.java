package dev.metaprompt.app;

import dev.metaprompt.Progress;
import dev.metaprompt.io.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a command is given: the options as written, where it runs, and the ways to report. */
public interface CommandContext {
    /**
     * Returns the goal's name.
     *
     * @return for example {@code train}
     */
    String goal();

    /**
     * Returns the options the user gave, unchecked.
     *
     * @return weakest first: of two options with the same key the later one counts
     */
    List<RawOption> options();

    /**
     * Returns the directory Maven was started in: relative paths in options start here.
     *
     * @return an absolute path
     */
    Path baseDirectory();

    /**
     * Returns what the parent knows of itself and the place, for a run's record.
     *
     * @return {@code metaprompt.version}, {@code maven.version}, {@code java.parent.version}; {@code project} (its
     *     coordinates) where there is a POM; {@code git.commit} and {@code git.dirty} ({@code true}, {@code false})
     *     where the directory is in a git work tree
     */
    Map<String, String> facts();

    /**
     * Returns what the parent was told of the way to the network, for processes that work for this one.
     *
     * @return what this process itself uses
     */
    default Network network() {
        return Network.NONE;
    }

    /**
     * Returns the way to the console.
     *
     * @return safe for use by several threads; may be called as often as convenient
     */
    Progress progress();

    /**
     * Reports the goal's result: lines that are printed even when Maven is told to be quiet.
     *
     * @param lines whole lines without line ends
     */
    void result(List<String> lines);

    /**
     * Tells whether the work is to be wound up: the user pressed Ctrl-C or Maven is gone.
     *
     * @return true from the interruption on
     */
    boolean interrupted();

    /**
     * Registers what is to happen at an interruption, in the interrupting thread; at once if it has happened already.
     * The process ends when the command returns, and in any case some seconds after the interruption.
     *
     * @param action short and safe for use beside the command's own threads
     */
    void onInterrupt(Runnable action);
}
