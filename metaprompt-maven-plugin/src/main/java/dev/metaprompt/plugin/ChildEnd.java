package dev.metaprompt.plugin;

/**
 * How the child said it ended.
 *
 * @param outcome {@code SUCCESS}, {@code FAULT}, {@code INVALID} or {@code INTERRUPTED}
 * @param message one line for the user; empty at success
 * @param trace the child's stack trace at a fault; else empty
 */
record ChildEnd(String outcome, String message, String trace) {}
