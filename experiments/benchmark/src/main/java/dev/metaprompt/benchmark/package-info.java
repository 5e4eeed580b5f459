/**
 * Our side of the benchmark: a program that does pieces of work on command and says how long each took and what came
 * out. Its counterpart in Python understands the same commands; {@code run.py} asks both in turn and compares.
 *
 * <p>Nothing here computes: all work is done by the classes that the goals use.
 */
package dev.metaprompt.benchmark;
