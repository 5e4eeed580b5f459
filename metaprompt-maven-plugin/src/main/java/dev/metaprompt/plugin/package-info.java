/**
 * The goals: each turns Maven's parameters into a request, runs one forked JVM and turns its end into Maven's result.
 *
 * <p>Nothing is computed here and no option is understood here: what the user wrote goes to the child with its origin,
 * and the child's table of keys decides. The child's side of the wire is {@code dev.metaprompt.app} in metaprompt-core,
 * which is not on the plugin's class path but resolved for the child ({@link dev.metaprompt.plugin.ForkClassPath}).
 */
package dev.metaprompt.plugin;
