package dev.metaprompt.app;

/** What a goal does, in the forked JVM. One implementation a goal, registered in {@link Commands}. */
@FunctionalInterface
public interface Command {
    /**
     * Does the goal's work.
     *
     * <p>A command that is interrupted ({@link CommandContext#interrupted()}) leaves its files in order and returns or
     * throws what it likes: the goal then counts as interrupted.
     *
     * @param context the options, the place and the ways to report
     * @throws dev.metaprompt.InvalidInputException if the user gave something that cannot be used; its message is
     *     shown as it is
     * @throws Exception if anything else fails; shown as a fault with the message of its causes
     */
    void run(CommandContext context) throws Exception;
}
