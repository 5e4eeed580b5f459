/**
 * The forked JVM's side of a goal: one {@link dev.metaprompt.app.Command} a goal, and the wire to the plugin.
 *
 * <p>Terms. The <em>parent</em> is the JVM Maven runs in, the <em>child</em> the one that computes; the parent starts
 * one child a goal. It writes a <em>request</em> file (goal, options, where to report) and gives its path as the only
 * argument of {@link dev.metaprompt.app.Main}. The child connects to the parent's loopback socket, sends the bytes of
 * the request's token, always as many and nothing behind them, and then <em>events</em>, a JSON object a line: {@code
 * phase}, {@code update}, {@code result}, and last {@code end}. The parent sends one message only, {@code interrupt}. Nothing of this touches stdout or stderr, where
 * native libraries write what they like.
 *
 * <p>The child ends when the parent is gone: the socket's end of file, the end of the parent's process and a signal
 * all lead to the same {@link dev.metaprompt.app.Interruption}, which gives the command some seconds to wind up.
 *
 * <p>No native memory is owned here; a command closes what it opens.
 */
package dev.metaprompt.app;
